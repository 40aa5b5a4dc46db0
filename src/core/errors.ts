/**
 * Bad input: a wrong flag, key, file or column. Its message is one sentence that says what was expected,
 * what came and where; the command line prints it without a stack and exits with code 2.
 */
export class InputError extends Error {
  override readonly name = "InputError";
}

import { InputError } from "../core/index.ts";

/** The work failed for a reason outside the input: a full disk, a lost worker. Exit code 1, one sentence. */
export class WorkError extends Error {
  override readonly name = "WorkError";
}

/** The user stopped the work; `message` says what was saved and how to go on. Exit code 130. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

export const exitCodes = { done: 0, failed: 1, badInput: 2, interrupted: 130 } as const;

/** The exit code and the one message for whatever ended a command. */
export function explain(error: unknown): { readonly code: number; readonly message: string } {
  if (error instanceof InputError) return { code: exitCodes.badInput, message: error.message };
  if (error instanceof Interrupted) return { code: exitCodes.interrupted, message: error.message };
  if (error instanceof Error) return { code: exitCodes.failed, message: oneSentence(error) };
  return { code: exitCodes.failed, message: String(error) };
}

function oneSentence(error: Error): string {
  const text = error.message.split("\n")[0]!.trim();
  return text === "" ? `The work failed with ${error.name} and no message.` : text;
}

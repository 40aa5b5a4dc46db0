/** Where a command speaks: results to stdout, everything else to stderr. */
export interface Output {
  readonly json: boolean;
  /** A line for people; silent under --json. */
  print(line: string): void;
  /** The result: under --json exactly one object on stdout, else nothing (the command printed it for people). */
  result(value: object): void;
  /** A warning or a note, on stderr. */
  note(line: string): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    print(line) {
      if (!json) process.stdout.write(line + "\n");
    },
    result(value) {
      if (json) process.stdout.write(JSON.stringify(value) + "\n");
    },
    note(line) {
      process.stderr.write(line + "\n");
    },
  };
}

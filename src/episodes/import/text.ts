/** A text file that may be larger than memory: its name in messages and its content, piece by piece, to be read once. */
export interface TextFile {
  readonly name: string;
  readonly chunks: Iterable<string>;
}

/** The lines of a file, one at a time, without line ends; the first one stands on line 1. */
export function* linesOf(file: TextFile): Generator<string> {
  let rest = "";
  let first = true;
  for (const chunk of file.chunks) {
    const lines = (first ? chunk.replace(/^\ufeff/, "") : chunk).split("\n");
    first = false;
    lines[0] = rest + lines[0];
    rest = lines.pop()!;
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  if (rest !== "") yield rest;
}

/** The name of a file without folders and endings: what a clip or a recording made of it is called. */
export const baseName = (path: string): string =>
  path.replace(/^.*[\\/]/, "").replace(/(\.(csv|txt|xml|gz|recording))+$/, "");

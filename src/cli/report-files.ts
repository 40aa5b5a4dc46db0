import { join } from "node:path";
import { writeFileAtomically } from "./files.ts";
import type { Output } from "./output.ts";

/** Keeps a result as NAME.json in a folder, and as a page beside it; says where. */
export function writeReport(
  output: Output,
  folder: string,
  name: string,
  result: object,
  page: string,
): void {
  const file = join(folder, `${name}.html`);
  writeFileAtomically(join(folder, `${name}.json`), JSON.stringify(result) + "\n");
  writeFileAtomically(file, page);
  output.note(`The page is ${file}, its numbers are beside it.`);
}

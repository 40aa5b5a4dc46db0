import { join } from "node:path";
import { writeFileAtomically } from "./files.ts";
import type { Output } from "./output.ts";

/**
 * Keeps a result as NAME.json in a folder, and as a page beside it; says where.
 * @param digits of every number; all of them if not given
 */
export function writeReport(
  output: Output,
  folder: string,
  name: string,
  result: object,
  page: string,
  digits?: number,
): void {
  const file = join(folder, `${name}.html`);
  const shown = (_: string, value: unknown): unknown =>
    digits !== undefined && typeof value === "number" ? Number(value.toPrecision(digits)) : value;
  writeFileAtomically(join(folder, `${name}.json`), JSON.stringify(result, shown) + "\n");
  writeFileAtomically(file, page);
  output.note(`The page is ${file}, its numbers are beside it.`);
}

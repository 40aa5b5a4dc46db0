import { InputError } from "../../core/index.ts";

/** Columns of a CSV file as parallel arrays; row i stands on line i + 2 of the file. */
export interface Table<Numbers extends string, Texts extends string> {
  readonly rows: number;
  readonly numbers: { readonly [Name in Numbers]: Float64Array };
  readonly texts: { readonly [Name in Texts]: readonly string[] };
}

/**
 * Reads the named columns of comma-separated text with one header line; other columns are skipped.
 * @param where names the file in messages.
 * @throws InputError that names file, line and column of the first thing that is not as expected.
 */
export function readCsv<Numbers extends string, Texts extends string>(
  text: string,
  where: string,
  columns: { readonly numbers: readonly Numbers[]; readonly texts: readonly Texts[] },
): Table<Numbers, Texts> {
  const lines = text.split(/\r?\n/);
  while (lines.length > 0 && lines.at(-1) === "") lines.pop();
  const header = (lines[0] ?? "").replace(/^\ufeff/, "").split(",");
  const rows = Math.max(0, lines.length - 1);
  const position = (name: string): number => {
    const index = header.indexOf(name);
    if (index < 0) {
      throw new InputError(
        `${where}, line 1: expected a column ${name}, got ${header.join(", ") || "an empty file"}.`,
      );
    }
    return index;
  };
  const numbers = columns.numbers.map((name) => ({
    name,
    at: position(name),
    values: new Float64Array(rows),
  }));
  const texts = columns.texts.map((name) => ({ name, at: position(name), values: new Array<string>(rows) }));
  if (rows === 0) throw new InputError(`${where}: expected rows after the header, got none.`);
  for (let row = 0; row < rows; row++) {
    const cells = lines[row + 1].split(",");
    if (cells.length !== header.length) {
      throw new InputError(
        `${where}, line ${row + 2}: expected ${header.length} cells, got ${cells.length}.`,
      );
    }
    for (const column of numbers) {
      const cell = cells[column.at];
      const value = cell.trim() === "" ? Number.NaN : Number(cell);
      if (!Number.isFinite(value)) {
        throw new InputError(
          `${where}, line ${row + 2}, column ${column.name}: expected a number, got "${cell}".`,
        );
      }
      column.values[row] = value;
    }
    for (const column of texts) column.values[row] = cells[column.at]!;
  }
  const collect = <Value>(list: readonly { readonly name: string; readonly values: Value }[]): unknown =>
    Object.fromEntries(list.map(({ name, values }) => [name, values]));
  return {
    rows,
    numbers: collect(numbers) as Table<Numbers, Texts>["numbers"],
    texts: collect(texts) as Table<Numbers, Texts>["texts"],
  };
}

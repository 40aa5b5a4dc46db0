import { tableRows } from "./table-rows.ts";

/** Columns of a CSV file as parallel arrays; without empty lines, row i stands on line i + 2 of the file. */
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
  const numbers = columns.numbers.map((name) => ({ name, values: [] as number[] }));
  const texts = columns.texts.map((name) => ({ name, values: [] as string[] }));
  let rows = 0;
  for (const row of tableRows(
    { name: where, chunks: [text] },
    { required: [...columns.numbers, ...columns.texts] },
  )) {
    for (const { name, values } of numbers) values.push(row.number(name));
    for (const { name, values } of texts) values.push(row.text(name));
    rows++;
  }
  return {
    rows,
    numbers: Object.fromEntries(
      numbers.map(({ name, values }) => [name, Float64Array.from(values)]),
    ) as Table<Numbers, Texts>["numbers"],
    texts: Object.fromEntries(texts.map(({ name, values }) => [name, values] as const)) as Record<
      Texts,
      string[]
    >,
  };
}

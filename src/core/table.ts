/** One column of a table for people. */
export interface TableColumn<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** Aligned left, as words are; numbers are aligned right. */
  readonly left?: true;
}

/** A header and the rows as lines of text, each column as wide as its widest cell. */
export function textTable<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): string[] {
  const cells = cellsOf(columns, rows);
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  return cells.map((line) =>
    line
      .map((text, i) => (columns[i]!.left ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** The same as lines of a Markdown table. */
export function markdownTable<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
  const [head, ...body] = cellsOf(columns, rows).map(line);
  return [head!, `|${columns.map(({ left }) => (left ? "---" : "---:")).join("|")}|`, ...body];
}

function cellsOf<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): string[][] {
  return [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
}

import { InputError } from "../../core/index.ts";
import { linesOf, type TextFile } from "./text.ts";

/** One row of a table; the same object shows every row in turn. Wrong cells throw an InputError with file, line and column. */
export interface TableRow {
  readonly line: number;
  has(column: string): boolean;
  text(column: string): string;
  number(column: string): number;
  /** A whole number from 0. */
  whole(column: string): number;
}

export interface TableLayout {
  /** Columns that must be there; others are skipped. */
  readonly required: readonly string[];
  /** The columns of a file that has no header; else its first line names them. */
  readonly names?: readonly string[];
  /** What stands between cells: one character, or "whitespace" of any length. Default: a comma. */
  readonly delimiter?: string;
  /** Whether names of columns count in lower case. */
  readonly lowerCase?: boolean;
}

/**
 * Reads a table of text row by row; empty lines are skipped.
 * @throws InputError that names file, line and column of the first thing that is not as expected.
 */
export function* tableRows(file: TextFile, layout: TableLayout): Generator<TableRow> {
  const { required, delimiter = "," } = layout;
  const split = splitter(delimiter);
  let names = layout.names;
  let places = names === undefined ? undefined : placesOf(names);
  let cells: readonly string[] = [];
  let line = 0;
  let rows = 0;
  const fail = (column: string, expected: string, got: string): never => {
    const place = layout.names === undefined ? column : `${places!.get(column)! + 1} (${column})`;
    throw new InputError(`${file.name}, line ${line}, column ${place}: expected ${expected}, got "${got}".`);
  };
  const row: TableRow = {
    get line() {
      return line;
    },
    has: (column) => places!.has(column),
    text: (column) => cells[places!.get(column)!],
    number(column) {
      const cell = cells[places!.get(column)!];
      const value = Number(cell);
      // An empty cell would count as zero.
      return (value !== 0 || cell.trim() !== "") && Number.isFinite(value)
        ? value
        : fail(column, "a number", cell);
    },
    whole(column) {
      const value = row.number(column);
      return Number.isInteger(value) && value >= 0
        ? value
        : fail(column, "a whole number from 0", row.text(column));
    },
  };
  for (const text of linesOf(file)) {
    line++;
    if (text.trim() === "") continue;
    cells = split(text);
    if (places === undefined) {
      names = cells.map((name) => (layout.lowerCase === true ? name.trim().toLowerCase() : name.trim()));
      places = placesOf(names);
      requireColumns(file.name, line, names, required);
      continue;
    }
    if (cells.length !== names!.length) {
      throw new InputError(
        `${file.name}, line ${line}: expected ${names!.length} cells, got ${cells.length}.`,
      );
    }
    rows++;
    yield row;
  }
  if (places === undefined) requireColumns(file.name, 1, [], required);
  if (rows === 0) {
    const after = layout.names === undefined ? " after the header" : "";
    throw new InputError(`${file.name}: expected rows${after}, got none.`);
  }
}

function requireColumns(
  file: string,
  line: number,
  names: readonly string[],
  required: readonly string[],
): void {
  for (const name of required) {
    if (names.includes(name)) continue;
    const got = names.join(", ") || "an empty file";
    throw new InputError(`${file}, line ${line}: expected a column ${name}, got ${got}.`);
  }
}

const placesOf = (names: readonly string[]): Map<string, number> =>
  new Map(names.map((name, i) => [name, i]));

function splitter(delimiter: string): (line: string) => readonly string[] {
  if (delimiter === "whitespace") return (line) => line.trim().split(/\s+/);
  return (line) => (line.includes('"') ? splitQuoted(line, delimiter) : line.split(delimiter));
}

/** Cells in quotation marks may hold the delimiter, and a doubled mark for a mark; they end on their line. */
function splitQuoted(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    if (character === '"' && quoted && line[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (character === '"') {
      quoted = !quoted;
    } else if (character === delimiter && !quoted) {
      cells.push(cell);
      cell = "";
    } else cell += character;
  }
  return [...cells, cell];
}

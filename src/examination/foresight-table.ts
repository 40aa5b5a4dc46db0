import { textTable, type Interval, type TableColumn } from "../core/index.ts";
import type { ForesightRow } from "./foresight-rows.ts";

const digits = (value: number): string =>
  value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2).replace("-", "−");

/** A value with its interval, shorter the larger it is. */
const intervalText = ({ value, low, high }: Interval): string =>
  `${digits(value)} [${digits(low)}, ${digits(high)}]`;

const percents = ({ value, low, high }: Interval): string =>
  [value, low, high]
    .map((share) => (100 * share).toFixed(1))
    .join(" ")
    .replace(/ (.*) (.*)/, " [$1, $2]");

const columns: readonly TableColumn<ForesightRow>[] = [
  { title: "driver", left: true, cell: ({ driver }) => driver },
  { title: "decides by", left: true, cell: ({ decidesBy }) => decidesBy },
  { title: "n (vehicles)", cell: ({ windows, vehicles }) => `${windows} (${vehicles})` },
  { title: "predicted cost", cell: ({ overall }) => intervalText(overall.predicted.cost) },
  { title: "true cost", cell: ({ overall }) => intervalText(overall.exact.cost) },
  { title: "true − predicted", cell: ({ overall }) => intervalText(overall.optimism) },
  { title: "uncertainty", cell: ({ overall }) => intervalText(overall.uncertainty.total) },
  { title: "of image", cell: ({ overall }) => intervalText(overall.uncertainty.image) },
  { title: "of state", cell: ({ overall }) => intervalText(overall.uncertainty.state) },
  { title: "of cost", cell: ({ overall }) => intervalText(overall.uncertainty.cost) },
  { title: "harmed %", cell: ({ overall }) => percents(overall.harmed) },
];

/** Means over steps and windows, one line per driver, with 95 % intervals. */
export const foresightLines = (rows: readonly ForesightRow[]): string[] => textTable(columns, rows);

/** The same as HTML cells. */
export const foresightCells = (rows: readonly ForesightRow[]): { head: string[]; body: string[][] } => ({
  head: columns.map(({ title }) => title),
  body: rows.map((row) => columns.map(({ cell }) => cell(row))),
});

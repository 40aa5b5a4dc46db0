import type { EvaluationRow } from "./metrics.ts";

const percent = (fraction: number): string => (100 * fraction).toFixed(1);

interface Column {
  readonly title: string;
  readonly cell: (row: EvaluationRow) => string;
  readonly left?: true;
}

/** A rate never stands without its interval and the number of episodes. */
const columns: readonly Column[] = [
  { title: "driver", left: true, cell: (row) => row.driver },
  { title: "traffic", left: true, cell: (row) => `${row.traffic} (${row.split}, ${row.mode})` },
  { title: "n", cell: (row) => String(row.episodes) },
  { title: "success %", cell: (row) => percent(row.success.rate) },
  {
    title: "95 % interval",
    left: true,
    cell: (row) => `${percent(row.success.low)} … ${percent(row.success.high)}`,
  },
  { title: "hit ahead", cell: (row) => String(row.causes.hitAhead) },
  { title: "hit side", cell: (row) => String(row.causes.hitSide) },
  { title: "rear-ended", cell: (row) => String(row.causes.rearEnded) },
  { title: "off road", cell: (row) => String(row.causes.offRoad) },
  { title: "timeout", cell: (row) => String(row.causes.timeout) },
  { title: "mean distance m", cell: (row) => row.meanDistance.toFixed(1) },
  { title: "progress %", cell: (row) => percent(row.progress) },
  { title: "min TTC p5 s", cell: (row) => row.minTimeToCollisionP5.toFixed(2) },
  { title: "jerk p95 m/s³", cell: (row) => row.jerkP95.toFixed(1) },
];

/** The rows as lines of aligned text, a header first. */
export function tableLines(rows: readonly EvaluationRow[]): string[] {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ cell }) => cell(row))),
  ];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i].length)));
  return cells.map((line) =>
    line
      .map((text, i) => (columns[i].left ? text.padEnd(widths[i]) : text.padStart(widths[i])))
      .join("  ")
      .trimEnd(),
  );
}

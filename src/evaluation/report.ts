import { textTable, type RateInterval, type TableColumn } from "../core/index.ts";
import type { ComfortRange, EvaluationRow } from "./metrics.ts";

const percent = (fraction: number): string => (100 * fraction).toFixed(1);

type Column = TableColumn<EvaluationRow>;

const intervalCell = ({ low, high }: RateInterval): string => `${percent(low)} … ${percent(high)}`;

const who: readonly Column[] = [
  { title: "driver", left: true, cell: (row) => row.driver },
  { title: "traffic", left: true, cell: (row) => `${row.traffic} (${row.split}, ${row.mode})` },
];

/** How episodes ended. A rate never stands without its interval and the number of episodes. */
const verdict: readonly Column[] = [
  ...who,
  { title: "n", cell: (row) => String(row.episodes) },
  { title: "success %", cell: (row) => percent(row.success.rate) },
  { title: "95 % interval", left: true, cell: (row) => intervalCell(row.success) },
  { title: "hit ahead", cell: (row) => String(row.causes.hitAhead) },
  { title: "hit side", cell: (row) => String(row.causes.hitSide) },
  { title: "rear-ended", cell: (row) => String(row.causes.rearEnded) },
  { title: "off road", cell: (row) => String(row.causes.offRoad) },
  { title: "timeout", cell: (row) => String(row.causes.timeout) },
  { title: "at fault %", cell: (row) => percent(row.atFault.rate) },
  { title: "95 % interval", left: true, cell: (row) => intervalCell(row.atFault) },
  { title: "mean distance m", cell: (row) => row.meanDistance.toFixed(1) },
  { title: "progress %", cell: (row) => percent(row.progress) },
];

const besideHuman = ({ median, humanMedian }: ComfortRange): string =>
  `${median.toFixed(1)} (${humanMedian.toFixed(1)})`;

/** How near they came to a collision and how smooth the ride was. */
const safety: readonly Column[] = [
  ...who,
  { title: "min TTC p5 s", cell: (row) => row.minTimeToCollisionP5.toFixed(2) },
  { title: "TTC p5 s", cell: (row) => row.timeToCollisionP5.toFixed(1) },
  { title: "< 1.5 s %", cell: (row) => percent(row.shareUnder1500ms) },
  { title: "< 3 s %", cell: (row) => percent(row.shareUnder3000ms) },
  { title: "DRAC p95 m/s²", cell: (row) => row.requiredDecelerationP95.toFixed(2) },
  { title: "induced p95 m/s²", cell: (row) => row.inducedBrakingP95.toFixed(2) },
  { title: "max", cell: (row) => row.inducedBrakingMax.toFixed(2) },
  { title: "lane changes", cell: (row) => String(row.laneChanges) },
  { title: "PET p5 s", cell: (row) => row.minPostEncroachmentTimeP5?.toFixed(2) ?? "–" },
  { title: "jerk p95 m/s³", cell: (row) => besideHuman(row.comfort.jerkP95) },
  { title: "lateral", cell: (row) => besideHuman(row.comfort.lateralJerkP95) },
  { title: "braking m/s²", cell: (row) => besideHuman(row.comfort.hardestBraking) },
];

const rolledBack: readonly Column[] = [
  ...who,
  {
    title: "would have avoided",
    left: true,
    cell: ({ avoidable }) => (avoidable ? `${avoidable.by}, ${avoidable.seconds} s before` : "–"),
  },
  { title: "n", cell: ({ avoidable }) => String(avoidable?.failures ?? "–") },
  { title: "%", cell: ({ avoidable }) => (avoidable?.failures ? percent(avoidable.rate) : "–") },
  {
    title: "95 % interval",
    left: true,
    cell: ({ avoidable }) => (avoidable?.failures ? intervalCell(avoidable) : "–"),
  },
];

const legend = [
  "TTC: time to collision; DRAC: braking that just avoids one; induced: that of the follower; PET: time between two",
  "vehicles at one place, at lane changes; p5, p95: percentiles; in brackets the humans from the same starts (docs/metrics.md).",
];

/**
 * The rows as two tables of aligned text, each with a header, and what its words mean; comfort as median (human median).
 * A third one says which failures were avoidable, where that is known.
 */
export function tableLines(rows: readonly EvaluationRow[]): string[] {
  const lines = [...textTable(verdict, rows), "", ...textTable(safety, rows), "", ...legend];
  return rows.some((row) => row.avoidable) ? [...lines, "", ...textTable(rolledBack, rows)] : lines;
}

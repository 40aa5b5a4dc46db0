import {
  markdownTable,
  textTable,
  type Interval,
  type RateInterval,
  type TableColumn,
} from "../../core/index.ts";
import type { ArmVerdict } from "../../evaluation/index.ts";
import type { PolicyRun } from "./policy-run.ts";

/** How an arm drove one traffic. */
export interface ArmDrive extends ArmVerdict {
  readonly traffic: string;
  readonly mode: string;
  /** Starts. */
  readonly n: number;
  /** Share of episodes that ended in a collision that was the ego's fault. */
  readonly atFault: RateInterval;
  /** Means over the runs. */
  readonly meanDistance: number;
  readonly progress: number;
}

/** One line of the table of methods. */
export interface ArmRow {
  readonly arm: string;
  /** None for a rule. */
  readonly runs: readonly Omit<PolicyRun, "settings">[];
  readonly drives: readonly ArmDrive[];
}

const percent = (share: number): string => (100 * share).toFixed(1);
const percents = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  `[${percent(low)}, ${percent(high)}]`;
const rateCell = (interval: RateInterval): string => `${percent(interval.rate)} ${percents(interval)}`;
const signed = (value: number): string => (value > 0 ? "+" : "") + percent(value);

/** Equal values once, others from the least to the largest. */
function range(values: readonly (number | null)[], digits: number): string {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (known.length === 0) return "–";
  const [least, most] = [known[0]!.toFixed(digits), known.at(-1)!.toFixed(digits)];
  return least === most ? least : `${least} … ${most}`;
}

function columnsOf(rows: readonly ArmRow[]): TableColumn<ArmRow>[] {
  const drives = rows[0]?.drives ?? [];
  const several = new Set(drives.map(({ mode }) => mode)).size > 1;
  return [
    { title: "method", left: true, cell: ({ arm }) => arm },
    { title: "runs", cell: ({ runs }) => (runs.length === 0 ? "–" : String(runs.length)) },
    {
      title: "seeds",
      left: true,
      cell: ({ runs }) => (runs.length === 0 ? "–" : runs.map(({ seed }) => seed ?? "?").join(" ")),
    },
    { title: "updates", cell: ({ runs }) => updatesOf(runs) },
    { title: "minutes", cell: ({ runs }) => minutesOf(runs) },
    ...drives.flatMap(({ traffic, mode, n }, i): TableColumn<ArmRow>[] => {
      const where = several ? `${traffic}, ${mode}` : traffic;
      const of = (row: ArmRow): ArmDrive => row.drives[i]!;
      const gain = (row: ArmRow): Interval | null => of(row).gain;
      const columns: TableColumn<ArmRow>[] = [
        {
          title: `${where}: success % [95 %], n ${n}`,
          left: true,
          cell: (row) => rateCell(of(row).success),
        },
        {
          title: "each run",
          left: true,
          cell: (row) => (of(row).rates.length === 1 ? "–" : of(row).rates.map(percent).join(" ")),
        },
        { title: "at fault % [95 %]", left: true, cell: (row) => rateCell(of(row).atFault) },
      ];
      if (rows.every((row) => gain(row) === null)) return columns;
      return [
        ...columns,
        {
          title: "gain [95 %]",
          left: true,
          cell(row) {
            const found = gain(row);
            return found === null ? "–" : `${signed(found.value)} ${percents(found)}`;
          },
        },
      ];
    }),
  ];
}

function updatesOf(runs: ArmRow["runs"]): string {
  const cut = runs.some(({ updates, plannedUpdates }) => updates < plannedUpdates);
  return (
    range(
      runs.map(({ updates }) => updates),
      0,
    ) + (cut ? " (unfinished)" : "")
  );
}

function minutesOf(runs: ArmRow["runs"]): string {
  const text = range(
    runs.map(({ minutes }) => minutes),
    1,
  );
  return runs.some(({ minutes, minutesKept }) => minutes !== null && !minutesKept) ? `~${text}` : text;
}

export const comparisonText = (rows: readonly ArmRow[]): string[] => textTable(columnsOf(rows), rows);
export const comparisonMarkdown = (rows: readonly ArmRow[]): string[] => markdownTable(columnsOf(rows), rows);

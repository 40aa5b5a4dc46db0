import type { Interval, Rng } from "../core/index.ts";
import { learnDoubt } from "./learned-doubt.ts";
import { bootstrap, pick, spearman } from "./statistics.ts";
import { wildness, type Doubt, type WildAction } from "./wild-drives.ts";

/**
 * How a model's doubt is told: `dropout`, the variance over dropout masks at equal actions and latents, which policies
 * may pay for; `learned`, the error that the model's own errors on training windows lead to expect.
 */
const doubtKinds = ["dropout", "learned"] as const;
export type DoubtKind = (typeof doubtKinds)[number];

/**
 * Whether the model knows where it is wrong: rank correlation, over windows and actions, of its doubt with its true
 * error, and with how far the action is from what was recorded. Intervals are bootstrapped over windows.
 */
export interface CalibrationRow {
  readonly kind: DoubtKind;
  readonly action: WildAction;
  /** Doubt about, and error of, the picture that the ego sees, or the driving cost. */
  readonly of: "image" | "cost";
  readonly againstError: Interval;
  readonly againstDistance: Interval;
  readonly count: number;
}

/**
 * Rows over all windows and actions.
 * @param lessons the same of training windows; without them there is no learned doubt
 */
export function calibrationRows(
  all: readonly Doubt[],
  lessons: readonly Doubt[],
  rng: Rng,
): CalibrationRow[] {
  const kinds = doubtKinds.filter((kind) => kind === "dropout" || lessons.length > 0);
  return kinds.flatMap((kind) =>
    (["acceleration", "steering"] as const).flatMap((action) => {
      const some = all.filter((doubt) => doubt.action === action);
      const taught = lessons.filter((doubt) => doubt.action === action);
      const actions = wildness[action].length;
      const windows = [...new Set(some.map(({ window }) => window))];
      const byWindow = windows.map((window) =>
        some.flatMap((doubt, i) => (doubt.window === window ? [i] : [])),
      );
      const distance = some.map(({ change }) => Math.abs(change));
      return (["image", "cost"] as const).map((of) => {
        const doubts =
          kind === "dropout" ? some.map((doubt) => varianceOf(doubt, of)) : learned(taught, some, of);
        const errors = some.map((doubt) => exampleOf(doubt, of).error);
        const against = (other: readonly number[], label: string): Interval =>
          bootstrap(
            windows.length,
            (units) => {
              const places = new Int32Array(units.length * actions);
              units.forEach((unit, n) => places.set(byWindow[unit]!, n * actions));
              return spearman(pick(doubts, places), pick(other, places));
            },
            rng.fork(`${action}/${of}/${label}`),
          );
        return {
          kind,
          action,
          of,
          againstError: against(errors, "error"),
          againstDistance: against(distance, "distance"),
          count: some.length,
        };
      });
    }),
  );
}

const varianceOf = (doubt: Doubt, of: CalibrationRow["of"]): number =>
  of === "image" ? doubt.imageVariance : doubt.costVariance;

const exampleOf = (doubt: Doubt, of: CalibrationRow["of"]) =>
  of === "image"
    ? { clues: doubt.imageClues, error: doubt.imageError }
    : { clues: doubt.costClues, error: doubt.costError };

function learned(lessons: readonly Doubt[], asked: readonly Doubt[], of: CalibrationRow["of"]): number[] {
  const expect = learnDoubt(lessons.map((doubt) => exampleOf(doubt, of)));
  return asked.map((doubt) => expect(exampleOf(doubt, of).clues));
}

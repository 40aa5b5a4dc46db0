import { intervalOf, wilsonInterval, type Interval, type RateInterval, type Rng } from "../core/index.ts";
import { mean } from "./statistics.ts";

/**
 * One way to get a driver, as several trainings of it (which differ in their seed alone) or one rule drove the same starts:
 * per run and start, whether it finished.
 */
export interface Arm {
  readonly name: string;
  readonly runs: readonly (readonly boolean[])[];
}

/** What is known of an arm. */
export interface ArmVerdict {
  /** Success of each run; the best of them is no estimate of anything. */
  readonly rates: readonly number[];
  /** Mean over the runs, with an interval that holds the chance of the starts and, from two runs on, of the seeds. */
  readonly success: RateInterval;
  /** Standard deviation over the runs; null for one. */
  readonly spread: number | null;
  /** What it is better by than the arm of reference, on the same starts; null for that one itself, or where there is none. */
  readonly gain: Interval | null;
}

const resamples = 2000;

/**
 * Verdicts on arms that drove the same starts. Intervals are percentiles of resamples in which starts and runs are drawn anew, both
 * at once because they are crossed (Owen, Ann. Appl. Stat. 1 (2007) 386); the starts are the same for all arms, so that gains are
 * paired. Of S runs S − 1 are drawn, which makes the variance over few runs unbiased (Rao & Wu, J. Am. Stat. Assoc. 83 (1988) 231).
 * One run knows nothing of its seed: its interval is Wilson's over the starts, and so is one where every episode ended alike.
 * A gain that is the same on every start reaches as far as Wilson's bound on what no start has shown.
 * @param against name of the arm of reference
 */
export function compareArms(arms: readonly Arm[], rng: Rng, against?: string): ArmVerdict[] {
  const count = arms[0]?.runs[0]?.length ?? 0;
  for (const { name, runs } of arms) {
    if (runs.length > 0 && runs.every((run) => run.length === count)) continue;
    throw new Error(`expected runs on the same ${count} starts, got others in ${name}`);
  }
  const starts = drawTimes(count, count, rng.fork("starts"));
  const drawn = arms.map(({ name, runs }) => {
    const times = drawTimes(runs.length, Math.max(1, runs.length - 1), rng.fork(`runs of ${name}`));
    return starts.map((weights, r) =>
      mean(times[r]!.flatMap((often, run) => Array<number>(often).fill(weightedRate(runs[run]!, weights)))),
    );
  });
  const reference = arms.findIndex(({ name }) => name === against);
  return arms.map(({ runs }, i) => {
    const rates = runs.map(rateOf);
    const rate = mean(rates);
    const { low, high } = intervalOf(rate, drawn[i]!);
    const alike = rate === 0 || rate === 1;
    return {
      rates,
      success:
        runs.length === 1 || alike ? wilsonInterval(Math.round(rate * count), count) : { rate, low, high },
      spread: runs.length === 1 ? null : deviation(rates),
      gain:
        reference < 0 || reference === i
          ? null
          : gainOf(
              rate - mean(arms[reference]!.runs.map(rateOf)),
              drawn[i]!.map((value, r) => value - drawn[reference]![r]!),
              count,
            ),
    };
  });
}

/** Where all starts tell the same of two arms, resamples differ in nothing: another start may still be what none of them was. */
function gainOf(value: number, drawn: readonly number[], starts: number): Interval {
  const interval = intervalOf(value, drawn);
  if (interval.low < interval.high) return interval;
  const unseen = wilsonInterval(0, starts).high;
  return { value, low: Math.max(-1, value - unseen), high: Math.min(1, value + unseen) };
}

const rateOf = (run: readonly boolean[]): number => run.filter(Boolean).length / run.length;

/** How often each of `count` is drawn, `size` draws with replacement; one entry per resample. */
function drawTimes(count: number, size: number, rng: Rng): number[][] {
  return Array.from({ length: resamples }, () => {
    const times = Array<number>(count).fill(0);
    for (let k = 0; k < size; k++) times[rng.integer(count)]!++;
    return times;
  });
}

function weightedRate(run: readonly boolean[], weights: readonly number[]): number {
  let finished = 0;
  for (let i = 0; i < run.length; i++) if (run[i]) finished += weights[i]!;
  return finished / run.length;
}

/** Of a sample. */
function deviation(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

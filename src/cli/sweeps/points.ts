import { createRng, InputError, wilsonInterval, type RateInterval } from "../../core/index.ts";
import { splits, type Recording } from "../../episodes/index.ts";
import { findStarts, runEpisodes } from "../../evaluation/index.ts";
import type { PolicyMethodName } from "../../policy/index.ts";
import type { Driver } from "../../sim/index.ts";

/** What is trained at one point of a sweep. */
export interface SweepSetting {
  readonly method: PolicyMethodName;
  /** File of the forward model. */
  readonly model: string;
  /** Rollout length: imagined steps. */
  readonly length: number;
  readonly seed: number;
}

/** What came of it on validation starts. */
export interface SweepPoint extends SweepSetting {
  /** length × step [s] */
  readonly seconds: number;
  readonly n: number;
  readonly success: RateInterval;
  /** From the take-over [m]. */
  readonly meanDistance: number;
}

/** Every combination once, the seeds outermost: a sweep that is cut short has whole curves first. */
export function settingsOf(
  models: readonly string[],
  methods: readonly PolicyMethodName[],
  lengths: readonly number[],
  seeds: readonly number[],
): SweepSetting[] {
  const once = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];
  return seeds.flatMap((seed) =>
    once(models).flatMap((model) =>
      once(methods).flatMap((method) => once(lengths).map((length) => ({ method, model, length, seed }))),
    ),
  );
}

/** The verdict on all validation starts of the recordings together, at most `limit` of each. */
export function driveValidation(
  recordings: readonly Recording[],
  driver: Driver,
  limit: number,
  seed: number,
): Pick<SweepPoint, "n" | "success" | "meanDistance"> {
  const results = recordings.flatMap((recording) => {
    // The same starts at every point of a sweep, whatever the seed of its training.
    const rng = createRng(seed).fork(`sweep/${recording.name}`);
    const starts = findStarts(recording, splits(recording).validation, { limit, rng: rng.fork("starts") });
    return starts.length === 0 ? [] : runEpisodes({ recording, starts, driver, rng: rng.fork("drive") });
  });
  if (results.length === 0) {
    throw new InputError("sweep: expected validation starts in at least one recording, got none.");
  }
  const finished = results.filter(({ cause }) => cause === "finished").length;
  return {
    n: results.length,
    success: wilsonInterval(finished, results.length),
    meanDistance: results.reduce((sum, { distance }) => sum + distance, 0) / results.length,
  };
}

import type { Cause, EpisodeResult } from "./episode.ts";
import { mean, quantile, wilsonInterval, type RateInterval } from "./statistics.ts";

/** What was driven by whom. */
export interface RowLabel {
  readonly driver: string;
  readonly mode: "replay";
  readonly traffic: string;
  readonly split: string;
}

/** One line of an evaluation; definitions and units in docs/metrics.md. */
export interface EvaluationRow extends RowLabel {
  readonly episodes: number;
  /** Part of the episodes that finished, with its 95 % interval. */
  readonly success: RateInterval;
  readonly causes: { readonly [Name in Cause]: number };
  /** [m] */
  readonly meanDistance: number;
  /** Mean part of the human's distance. */
  readonly progress: number;
  /** 5th percentile over the episodes of the smallest time to collision [s]. */
  readonly minTimeToCollisionP5: number;
  /** Mean over the episodes of the 95th percentile of |jerk| [m/s³]. */
  readonly jerkP95: number;
  /** Vehicle steps of egos per second of wall clock. */
  readonly stepsPerSecond: number;
}

/** Sums up the episodes of one driver. */
export function evaluationRow(
  label: RowLabel,
  results: readonly EpisodeResult[],
  wallSeconds: number,
): EvaluationRow {
  const counts: Record<Cause, number> = {
    finished: 0,
    hitAhead: 0,
    hitSide: 0,
    rearEnded: 0,
    offRoad: 0,
    timeout: 0,
  };
  for (const { cause } of results) counts[cause]++;
  const steps = results.reduce((sum, { frames }) => sum + frames, 0);
  return {
    driver: label.driver,
    mode: label.mode,
    traffic: label.traffic,
    split: label.split,
    episodes: results.length,
    success: wilsonInterval(counts.finished, results.length),
    causes: counts,
    meanDistance: mean(results.map(({ distance }) => distance)),
    progress: mean(results.map(({ progress }) => progress)),
    minTimeToCollisionP5: quantile(
      results.map(({ minTimeToCollision }) => minTimeToCollision),
      0.05,
    ),
    jerkP95: mean(results.map(({ jerkP95 }) => jerkP95)),
    stepsPerSecond: wallSeconds > 0 ? steps / wallSeconds : 0,
  };
}

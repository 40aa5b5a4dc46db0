import { wilsonInterval, type RateInterval } from "../core/index.ts";
import { collisionKinds, type CollisionKind } from "../sim/index.ts";
import { comfortMeasures, type Comfort } from "./comfort.ts";
import type { Cause, EpisodeResult } from "./episode.ts";
import { rollBackSeconds } from "./roll-back.ts";
import type { Mode, OthersOutcome } from "./surroundings.ts";
import { mean, quantile } from "./statistics.ts";

/** What was driven by whom. */
export interface RowLabel {
  readonly driver: string;
  readonly mode: Mode;
  readonly traffic: string;
  readonly split: string;
}

/** A measure of comfort over the episodes, beside that of the recorded humans from the same starts. */
export interface ComfortRange {
  readonly median: number;
  readonly p95: number;
  readonly humanMedian: number;
  readonly humanP95: number;
}

/** How many of the collisions and departures from the road another driver would have avoided. */
export interface AvoidableShare extends RateInterval {
  /** That driver, and how long before the end it took over [s]. */
  readonly by: string;
  readonly seconds: number;
  /** Of how many. */
  readonly failures: number;
}

/** One line of an evaluation; definitions and units in docs/metrics.md. */
export interface EvaluationRow extends RowLabel {
  readonly episodes: number;
  /** Part of the episodes that finished, with its 95 % interval. */
  readonly success: RateInterval;
  readonly causes: { readonly [Name in Cause]: number };
  /** Part of the episodes that ended in a collision that was the ego's fault. */
  readonly atFault: RateInterval;
  /** Episodes by the kind of their collision, which tells about the fault. */
  readonly collisions: { readonly [Name in CollisionKind]: number };
  /** [m] */
  readonly meanDistance: number;
  /** Mean part of the human's distance. */
  readonly progress: number;
  /** 5th percentile over the episodes of the smallest time to collision [s]. */
  readonly minTimeToCollisionP5: number;
  /** Mean over the episodes of the 5th percentile of time to collision [s]. */
  readonly timeToCollisionP5: number;
  /** Part of all driven frames whose projected boxes collide within 1.5 s, and within 3 s. */
  readonly shareUnder1500ms: number;
  readonly shareUnder3000ms: number;
  /** Means over the episodes of the 95th percentile of required deceleration and of induced braking [m/s²]. */
  readonly requiredDecelerationP95: number;
  readonly inducedBrakingP95: number;
  /** Mean over the episodes of the hardest induced braking [m/s²]. */
  readonly inducedBrakingMax: number;
  /** The same of the braking that the followers did. */
  readonly followerBrakingP95: number;
  readonly followerBrakingMax: number;
  readonly laneChanges: number;
  /** 5th percentile of the smallest post-encroachment time [s] over the episodes that have one; null when none has. */
  readonly minPostEncroachmentTimeP5: number | null;
  /** Mean over the episodes of the 95th percentile of |jerk| [m/s³]. */
  readonly jerkP95: number;
  readonly comfort: { readonly [Name in keyof Comfort]: ComfortRange };
  /** Only where it was asked for. */
  readonly avoidable?: AvoidableShare;
  /** Sums over the episodes; absent in replay mode. */
  readonly others?: OthersOutcome;
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
  const steps = sum(results, ({ frames }) => frames);
  const over = (measure: (result: EpisodeResult) => number): number => mean(results.map(measure));
  const shareOfSteps = (measure: (result: EpisodeResult) => number): number =>
    steps === 0 ? 0 : sum(results, measure) / steps;
  return {
    driver: label.driver,
    mode: label.mode,
    traffic: label.traffic,
    split: label.split,
    episodes: results.length,
    success: wilsonInterval(counts.finished, results.length),
    causes: counts,
    atFault: wilsonInterval(
      results.filter(({ attribution }) => attribution?.fault === "ego").length,
      results.length,
    ),
    collisions: countKinds(results),
    meanDistance: over(({ distance }) => distance),
    progress: over(({ progress }) => progress),
    minTimeToCollisionP5: quantile(
      results.map(({ safety }) => safety.minTimeToCollision),
      0.05,
    ),
    timeToCollisionP5: over(({ safety }) => safety.timeToCollisionP5),
    shareUnder1500ms: shareOfSteps(({ safety }) => safety.framesUnder1500ms),
    shareUnder3000ms: shareOfSteps(({ safety }) => safety.framesUnder3000ms),
    requiredDecelerationP95: over(({ safety }) => safety.requiredDecelerationP95),
    inducedBrakingP95: over(({ safety }) => safety.inducedBrakingP95),
    inducedBrakingMax: over(({ safety }) => safety.inducedBrakingMax),
    followerBrakingP95: over(({ safety }) => safety.followerBrakingP95),
    followerBrakingMax: over(({ safety }) => safety.followerBrakingMax),
    laneChanges: sum(results, ({ safety }) => safety.laneChanges.length),
    minPostEncroachmentTimeP5: leastRoom(results),
    jerkP95: over(({ comfort }) => comfort.jerkP95),
    comfort: comfortRanges(results),
    ...outcomeOfOthers(results),
    stepsPerSecond: wallSeconds > 0 ? steps / wallSeconds : 0,
  };
}

/** @param avoidable per episode, as `findAvoidable` tells. */
export function avoidableShare(by: string, avoidable: readonly (boolean | null)[]): AvoidableShare {
  const known = avoidable.filter((avoided) => avoided !== null);
  const avoided = known.filter(Boolean).length;
  return { by, seconds: rollBackSeconds, failures: known.length, ...wilsonInterval(avoided, known.length) };
}

function outcomeOfOthers(results: readonly EpisodeResult[]): Pick<EvaluationRow, "others"> {
  if (results.every(({ others }) => others === null)) return {};
  const total = (name: keyof OthersOutcome): number => sum(results, ({ others }) => others?.[name] ?? 0);
  return {
    others: {
      copies: total("copies"),
      copiesCollided: total("copiesCollided"),
      copiesOffRoad: total("copiesOffRoad"),
      trafficCollisions: total("trafficCollisions"),
    },
  };
}

const sum = (results: readonly EpisodeResult[], measure: (result: EpisodeResult) => number): number =>
  results.reduce((total, result) => total + measure(result), 0);

function countKinds(results: readonly EpisodeResult[]): Record<CollisionKind, number> {
  const counts = Object.fromEntries(collisionKinds.map((kind) => [kind, 0])) as Record<CollisionKind, number>;
  for (const { attribution } of results) if (attribution !== null) counts[attribution.kind]++;
  return counts;
}

function leastRoom(results: readonly EpisodeResult[]): number | null {
  const times = results.flatMap(({ safety }) => safety.minPostEncroachmentTime ?? []);
  return times.length === 0 ? null : quantile(times, 0.05);
}

function comfortRanges(results: readonly EpisodeResult[]): Record<keyof Comfort, ComfortRange> {
  const rangeOf = (name: keyof Comfort): ComfortRange => {
    const own = results.map(({ comfort }) => comfort[name]);
    const human = results.map(({ humanComfort }) => humanComfort[name]);
    return {
      median: quantile(own, 0.5),
      p95: quantile(own, 0.95),
      humanMedian: quantile(human, 0.5),
      humanP95: quantile(human, 0.95),
    };
  };
  return Object.fromEntries(comfortMeasures.map((name) => [name, rangeOf(name)])) as Record<
    keyof Comfort,
    ComfortRange
  >;
}

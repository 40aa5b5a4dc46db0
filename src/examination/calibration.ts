import type { Interval, Rng } from "../core/index.ts";
import { disposeNoise, viewOf, type ForwardModel } from "../forward-model/index.ts";
import { PolicyConfig, replicateNoise, replicateStart, worldCosts } from "../policy/index.ts";
import { pixelSpecs } from "../sim/index.ts";
import { driveExactly, exactCosts, exactViews, type ExactCosts } from "./exact.ts";
import { ask, numbers, withoutLatentNoise, type Future } from "./futures.ts";
import { bootstrap, pick, spearman } from "./statistics.ts";
import { actionsFromNow, changedActions, type ExaminedWindows, type WindowSource } from "./windows.ts";

/** Actions from none to wild, added to what the ego did [m/s²]: along, and across as speed²·steering. */
export const wildness = {
  acceleration: [-4, -2, 0, 2, 4],
  steering: [-2, -1, 0, 1, 2],
} as const;
export type WildAction = keyof typeof wildness;

/**
 * Whether the model knows where it is wrong: rank correlation, over windows and actions, of its epistemic variance
 * (dropout masks at equal actions and latents) with its true error, and with how far the action is from what was
 * recorded. Intervals are bootstrapped over windows.
 */
export interface CalibrationRow {
  readonly action: WildAction;
  /** Variance and error of the picture that the ego sees, or of the driving cost. */
  readonly of: "image" | "cost";
  readonly againstError: Interval;
  readonly againstDistance: Interval;
  readonly count: number;
}

/** One window under one action. */
export interface Doubt {
  readonly window: number;
  readonly action: WildAction;
  /** Added to what was done [m/s²]. */
  readonly change: number;
  readonly imageVariance: number;
  readonly imageError: number;
  readonly costVariance: number;
  readonly costError: number;
}

/** Epistemic variance and true error of a batch under all actions, over the first `steps` steps. */
export function doubts(
  source: WindowSource,
  model: ForwardModel,
  windows: ExaminedWindows,
  steps: number,
  masks: number,
  rng: Rng,
  first: number,
): Doubt[] {
  const everyone = Array.from({ length: windows.count }, (_, b) => b);
  const replication = { count: windows.count, doubted: everyone, masks };
  const start = replicateStart(windows, replication);
  const future: Future = (replicated, length, use) => {
    const noise = withoutLatentNoise(
      model.config,
      replicateNoise(model.config, replication, length, rng, first),
    );
    try {
      return use(model.imagine(replicated, length, noise));
    } finally {
      disposeNoise(noise);
    }
  };
  const own = actionsFromNow(windows).slice(0, steps);
  const spec = pixelSpecs[model.config.pixels];
  return (["acceleration", "steering"] as const).flatMap((action) =>
    wildness[action].flatMap((change) => {
      const asked =
        action === "acceleration"
          ? { acceleration: change, lateral: 0 }
          : { acceleration: 0, lateral: change };
      const actions = changedActions(windows, own, asked);
      const driven = driveExactly(source, windows, actions);
      const views = exactViews(driven);
      const costs = drivingCosts(exactCosts(source, windows, driven), windows.count);
      const imagined = ask(
        future,
        start,
        actions.map((step) => repeat(step, masks + 1)),
        (steps) => {
          const { proximity, lane, offroad } = worldCosts(spec, start, steps);
          return {
            views: steps.map(({ scene }) => numbers(viewOf(spec, scene))),
            costs: { proximity: numbers(proximity), lane: numbers(lane), offroad: numbers(offroad) },
          };
        },
      );
      const imaginedCosts = drivingCosts(imagined.costs, start.count);
      return everyone.map((b) => {
        const image = imageDoubt(imagined.views, views, b, windows.count, masks);
        const replicas = Array.from({ length: masks }, (_, k) => imaginedCosts[windows.count * (k + 1) + b]!);
        return {
          window: first + b,
          action,
          change,
          imageVariance: image.variance,
          imageError: image.error,
          costVariance: variance(replicas),
          costError: Math.abs(imaginedCosts[b]! - costs[b]!),
        };
      });
    }),
  );
}

/** Rows over all windows and actions. */
export function calibrationRows(all: readonly Doubt[], rng: Rng): CalibrationRow[] {
  return (["acceleration", "steering"] as const).flatMap((action) => {
    const some = all.filter((doubt) => doubt.action === action);
    const actions = wildness[action].length;
    const windows = [...new Set(some.map(({ window }) => window))];
    const byWindow = windows.map((window) =>
      some.flatMap((doubt, i) => (doubt.window === window ? [i] : [])),
    );
    const distance = some.map(({ change }) => Math.abs(change));
    return (["image", "cost"] as const).map((of) => {
      const variances = some.map((doubt) => (of === "image" ? doubt.imageVariance : doubt.costVariance));
      const errors = some.map((doubt) => (of === "image" ? doubt.imageError : doubt.costError));
      const against = (other: readonly number[], label: string): Interval =>
        bootstrap(
          windows.length,
          (units) => {
            const places = new Int32Array(units.length * actions);
            units.forEach((unit, n) => places.set(byWindow[unit]!, n * actions));
            return spearman(pick(variances, places), pick(other, places));
          },
          rng.fork(`${action}/${of}/${label}`),
        );
      return {
        action,
        of,
        againstError: against(errors, "error"),
        againstDistance: against(distance, "distance"),
        count: some.length,
      };
    });
  });
}

/** Mean over the steps of what driving costs, with the weights of a policy relative to proximity, one per window. */
function drivingCosts({ proximity, lane, offroad }: ExactCosts, count: number): number[] {
  const weights = PolicyConfig.parse({}).weights;
  const steps = proximity.length / count;
  return Array.from({ length: count }, (_, b) => {
    let sum = 0;
    for (let i = b; i < proximity.length; i += count) {
      sum +=
        proximity[i]! +
        (weights.lane / weights.proximity) * lane[i]! +
        (weights.offroad / weights.proximity) * offroad[i]!;
    }
    return sum / steps;
  });
}

/** Mean over steps and pixels: variance over the replicas, and squared error of the prediction without dropout. */
function imageDoubt(
  views: readonly Float32Array[],
  truth: readonly Float32Array[],
  b: number,
  count: number,
  masks: number,
): { variance: number; error: number } {
  let spread = 0;
  let error = 0;
  let pixels = 0;
  const replicas = new Float64Array(masks);
  views.forEach((view, t) => {
    const size = truth[t]!.length / count;
    for (let i = b * size; i < (b + 1) * size; i++) {
      for (let k = 0; k < masks; k++) replicas[k] = view[(k + 1) * count * size + i]!;
      spread += variance(replicas);
      error += (view[i]! - truth[t]![i]!) ** 2;
    }
    pixels += size;
  });
  return { variance: spread / pixels, error: error / pixels };
}

/** Unbiased. */
function variance(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k]!;
  const center = sum / values.length;
  let squares = 0;
  for (let k = 0; k < values.length; k++) squares += (values[k]! - center) ** 2;
  return squares / (values.length - 1);
}

function repeat(values: Float32Array, times: number): Float32Array {
  const all = new Float32Array(values.length * times);
  for (let k = 0; k < times; k++) all.set(values, k * values.length);
  return all;
}

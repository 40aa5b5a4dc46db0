import type { Rng } from "../core/index.ts";
import {
  disposeNoise,
  driveThrough,
  stepSeconds,
  toFractions,
  viewOf,
  type ForwardModel,
  type Imagination,
} from "../forward-model/index.ts";
import {
  mapWorldCosts,
  PolicyConfig,
  replicateNoise,
  replicateStart,
  weightedWorldCostAt,
  worldCosts,
  type WorldCosts,
} from "../policy/index.ts";
import { pixelSpecs, type PixelSpec } from "../sim/index.ts";
import { observedClues, pictureClues } from "./doubt-clues.ts";
import { driveExactly, exactCosts, exactViews } from "./exact.ts";
import { ask, numbers, withoutLatentNoise, type Future } from "./futures.ts";
import { actionsFromNow, changedActions, type ExaminedWindows, type WindowSource } from "./windows.ts";

/** Actions from none to wild, added to what the ego did [m/s²]: along, and across as speed²·steering. */
export const wildness = {
  acceleration: [-4, -2, 0, 2, 4],
  steering: [-2, -1, 0, 1, 2],
} as const;
export type WildAction = keyof typeof wildness;

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
  /** What can be known of each error before it is, as `learnDoubt` takes it. */
  readonly imageClues: readonly number[];
  readonly costClues: readonly number[];
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
  const noise = withoutLatentNoise(
    model.config,
    replicateNoise(model.config, replication, steps, rng, first),
  );
  try {
    return doubtsIn(model.imagine(start, steps, noise), source, windows, start, steps, masks, first);
  } finally {
    disposeNoise(noise);
  }
}

/** @param start the windows and their replicas, as they are imagined */
function doubtsIn(
  imagination: Imagination,
  source: WindowSource,
  windows: ExaminedWindows,
  start: ExaminedWindows,
  steps: number,
  masks: number,
  first: number,
): Doubt[] {
  const spec = pixelSpecs[source.config.pixels];
  const seconds = stepSeconds(source.config);
  const own = actionsFromNow(windows).slice(0, steps);
  const asImagined: Future = (_windows, _steps, use) => use(imagination.again());
  const picture = toFractions(windows.world.context.at(-1)!);
  const kept: Future = (_windows, length, use) =>
    use(driveThrough(Array<Float32Array>(length).fill(picture), windows, source.config));
  return (["acceleration", "steering"] as const).flatMap((action) =>
    wildness[action].flatMap((change) => {
      const asked =
        action === "acceleration"
          ? { acceleration: change, lateral: 0 }
          : { acceleration: 0, lateral: change };
      const actions = changedActions(windows, own, asked);
      const driven = driveExactly(source, windows, actions);
      const truth = exactViews(driven);
      const trueCosts = drivingCosts(exactCosts(source, windows, driven), windows.count);
      const imagined = drive(
        asImagined,
        start,
        actions.map((step) => repeat(step, masks + 1)),
        spec,
      );
      const { costs: keptCosts } = drive(kept, windows, actions, spec);
      return windows.frames.map(({ speed }, b) => {
        const image = imageDoubt(imagined.views, truth, b, windows.count, masks);
        const cost = imagined.costs[b]!;
        const replicas = Array.from(
          { length: masks },
          (_, k) => imagined.costs[windows.count * (k + 1) + b]!,
        );
        const costVariance = variance(replicas);
        const seen = pictureClues(spec, imagined.views, imagined.states, b, speed, seconds);
        const observed = observedClues(spec, windows.world.context, b);
        const wild = Math.abs(change);
        return {
          window: first + b,
          action,
          change,
          imageVariance: image.variance,
          imageError: image.error,
          costVariance,
          costError: Math.abs(cost - trueCosts[b]!),
          imageClues: [
            ...[image.variance, seen.open, seen.openWithin, seen.traffic, seen.edges].map(log),
            ...[observed.open, observed.motion].map(log),
            ...[seen.ahead, seen.behind, seen.beside, change, wild, speed],
          ],
          costClues: [
            ...[costVariance, (cost - keptCosts[b]!) ** 2, cost, seen.openNear, seen.traffic].map(log),
            ...[wild, speed],
          ],
        };
      });
    }),
  );
}

/** What is nothing counts as very little. */
const log = (value: number): number => Math.log(value + 1e-9);

/** What is seen, where the egos are and what they pay when they do `actions` in a future. */
function drive(
  future: Future,
  windows: ExaminedWindows,
  actions: readonly Float32Array[],
  spec: PixelSpec,
): { views: Float32Array[]; states: Float32Array[]; costs: number[] } {
  return ask(future, windows, actions, (steps) => {
    const costs = mapWorldCosts(worldCosts(spec, windows, steps), numbers);
    return {
      views: steps.map(({ scene }) => numbers(viewOf(spec, scene))),
      states: steps.map(({ state }) => numbers(state)),
      costs: drivingCosts(costs, windows.count),
    };
  });
}

/** Mean over the steps of what driving costs, with the weights of a policy relative to proximity, one per window. */
function drivingCosts(costs: WorldCosts<Float32Array>, count: number): number[] {
  const { weights } = PolicyConfig.parse({});
  const relative = mapWorldCosts(weights, (weight) => weight / weights.proximity);
  const { length } = costs.proximity;
  return Array.from({ length: count }, (_, b) => {
    let sum = 0;
    for (let i = b; i < length; i += count) sum += weightedWorldCostAt(costs, relative, i);
    return sum / (length / count);
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

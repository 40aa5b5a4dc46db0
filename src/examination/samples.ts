import type { Rng } from "../core/index.ts";
import { stepSeconds, type ForwardModel, type ForwardModelConfig } from "../forward-model/index.ts";
import { channelCount, channels } from "../sim/index.ts";
import { deterministicFuture, sampledFuture, see } from "./futures.ts";
import { truthOf } from "./open-loop.ts";
import { actionsFromNow, type ExaminedWindows } from "./windows.ts";

/** What k futures drawn from the prior are like, `seconds` ahead; mean squares over the traffic channel. */
export interface SampleRow {
  readonly seconds: number;
  readonly k: number;
  /** Error of the prediction with the latent at its prior's mean. */
  readonly deterministic: number;
  /** Error of one sample, on average. */
  readonly mean: number;
  /** Error of the sample that comes closest, chosen with hindsight per window. */
  readonly best: number;
  /** Deviation between samples over the root of the deterministic error: 0 is a latent without effect, 1 would explain the error. */
  readonly spread: number;
  /**
   * Continuous ranked probability score of the samples, pixel by pixel: 0 is perfect, and nobody can improve it by
   * saying more or less than he knows. Fair for few samples: Ferro (2014).
   */
  readonly score: number;
  /** The same of the deterministic prediction alone, its mean absolute error: what drawing has to beat. */
  readonly deterministicScore: number;
}

const summed = ["deterministic", "mean", "best", "variance", "score", "deterministicScore"] as const;
/** Sums over the windows of one batch, per step; `variance` over samples. */
export type SampleSums = { readonly [Name in (typeof summed)[number]]: Float64Array };

/** Draws k futures of every window. */
export function drawSamples(
  model: ForwardModel,
  windows: ExaminedWindows,
  k: number,
  rng: Rng,
  first: number,
): SampleSums {
  const { config } = model;
  const actions = actionsFromNow(windows);
  const plain = see(deterministicFuture(model), windows, config, actions);
  const truth = truthOf(windows, config, plain);
  const samples = Array.from(
    { length: k },
    (_, i) =>
      see(sampledFuture(model, false, rng.fork(`sample ${i}`), first), windows, config, actions).pixels,
  );
  const sums = Object.fromEntries(
    summed.map((name) => [name, new Float64Array(windows.steps)]),
  ) as SampleSums;
  for (let t = 0; t < windows.steps; t++) {
    const size = truth[t]!.length / windows.count;
    for (let b = 0; b < windows.count; b++) {
      const error = (pixels: Float32Array): number => squaredError(pixels, truth[t]!, b * size, size);
      const errors = samples.map((sample) => error(sample[t]!));
      sums.deterministic[t]! += error(plain.pixels[t]!);
      sums.mean[t]! += errors.reduce((sum, value) => sum + value, 0) / k;
      sums.best[t]! += Math.min(...errors);
      const drawn = samples.map((sample) => sample[t]!);
      sums.variance[t]! += variance(drawn, b * size, size);
      sums.score[t]! += rankedScore(drawn, truth[t]!, b * size, size);
      sums.deterministicScore[t]! += rankedScore([plain.pixels[t]!], truth[t]!, b * size, size);
    }
  }
  return sums;
}

/** Rows from the sums over `count` windows. */
export function sampleRows(
  sums: SampleSums,
  count: number,
  k: number,
  config: ForwardModelConfig,
): SampleRow[] {
  return Array.from(sums.mean, (_, t) => ({
    seconds: (t + 1) * stepSeconds(config),
    k,
    deterministic: sums.deterministic[t]! / count,
    mean: sums.mean[t]! / count,
    best: sums.best[t]! / count,
    score: sums.score[t]! / count,
    deterministicScore: sums.deterministicScore[t]! / count,
    spread: sums.deterministic[t]! > 0 ? Math.sqrt(sums.variance[t]! / sums.deterministic[t]!) : 0,
  }));
}

function squaredError(a: Float32Array, b: Float32Array, offset: number, size: number): number {
  let sum = 0;
  for (let i = offset + channels.traffic; i < offset + size; i += channelCount) sum += (a[i]! - b[i]!) ** 2;
  return (sum * channelCount) / size;
}

/** Unbiased variance over samples, mean over the traffic channel. */
function variance(samples: readonly Float32Array[], offset: number, size: number): number {
  let sum = 0;
  for (let i = offset + channels.traffic; i < offset + size; i += channelCount) {
    let total = 0;
    let squares = 0;
    for (const sample of samples) {
      total += sample[i]!;
      squares += sample[i]! ** 2;
    }
    sum += (squares - total ** 2 / samples.length) / (samples.length - 1);
  }
  return (Math.max(0, sum) * channelCount) / size;
}

/**
 * Fair continuous ranked probability score, mean over the traffic channel: E|x − y| − ½ E|x − x′| over distinct samples.
 * @param samples, truth [..., C]; `size` numbers from `offset` on count
 */
export function rankedScore(
  samples: readonly Float32Array[],
  truth: Float32Array,
  offset: number,
  size: number,
): number {
  const k = samples.length;
  let error = 0;
  let among = 0;
  for (let i = offset + channels.traffic; i < offset + size; i += channelCount) {
    for (let a = 0; a < k; a++) {
      const value = samples[a]![i]!;
      error += Math.abs(value - truth[i]!);
      for (let b = 0; b < a; b++) among += Math.abs(value - samples[b]![i]!);
    }
  }
  return ((error / k - (k > 1 ? among / (k * (k - 1)) : 0)) * channelCount) / size;
}

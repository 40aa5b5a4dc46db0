import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import {
  disposeNoise,
  drawNoise,
  selectRows,
  selectStart,
  type ForwardModelConfig,
  type ImaginationStart,
  type RolloutNoise,
} from "../forward-model/index.ts";

/**
 * Windows that are imagined more than once: all `count` of them, and after them the `doubted` ones `masks` times over,
 * each with dropout masks of its own and the latents of its original. They make one batch, because that is the fastest
 * way to ask a small network for many things, and a replica's ego does what its original does.
 */
export interface Replication {
  readonly count: number;
  /** Which windows are replicated. */
  readonly doubted: readonly number[];
  /** K, replicas of each. */
  readonly masks: number;
}

/** Nobody is replicated. */
export const single = (count: number): Replication => ({ count, doubted: [], masks: 0 });

/** What the costs need to know of the egos' sizes [m], [B] each. */
export interface EgoSizes {
  readonly length: Float32Array;
  readonly width: Float32Array;
}

/** All windows, then the replicas. */
export function replicateStart<Start extends ImaginationStart & EgoSizes>(
  start: Start,
  replication: Replication,
): Start {
  const { count, doubted, masks } = replication;
  if (doubted.length === 0) return start;
  const windows = [
    ...Array.from({ length: count }, (_, b) => b),
    ...Array.from({ length: masks }, () => doubted).flat(),
  ];
  return {
    ...selectStart(start, windows),
    length: selectRows(start.length, count, windows),
    width: selectRows(start.width, count, windows),
  };
}

/**
 * The noise that goes with it, for `steps` steps; to be freed with `disposeNoise`.
 * @param first number of the first window within its update
 * @param plain that of the windows themselves, which is taken over; drawn from the prior if not given
 */
export function replicateNoise(
  config: ForwardModelConfig,
  { count, doubted, masks }: Replication,
  steps: number,
  rng: Rng,
  first: number,
  plain = drawNoise(config, { batch: count, steps, dropout: false }, rng.fork("latent"), first),
): RolloutNoise {
  if (doubted.length === 0) return plain;
  const shape = { batch: doubted.length, steps: 0, dropout: true };
  const numbers = doubted.map((b) => first + b);
  const masked = Array.from({ length: masks }, (_, k) =>
    drawNoise(config, shape, rng.fork(`masks ${k}`), numbers),
  );
  const noise = tf.tidy(() => {
    const chosen = tf.tensor1d([...doubted], "int32");
    const repeat = (z: tf.Tensor2D): tf.Tensor2D => {
      const again = tf.gather(z, chosen);
      return tf.concat([z, ...masked.map(() => again)], 0) as tf.Tensor2D;
    };
    const latent = (plain.latent ?? []).map(repeat);
    const given = (plain.given ?? []).map(repeat);
    const masks: { [layer: string]: tf.Tensor4D } = {};
    for (const [layer, mask] of Object.entries(masked[0]!.masks!)) {
      const none = tf.ones<tf.Rank.R4>([count, 1, 1, mask.shape[3]]);
      masks[layer] = tf.concat([none, ...masked.map((one) => one.masks![layer]!)], 0);
    }
    return { latent, given, masks };
  });
  for (const one of [plain, ...masked]) disposeNoise(one);
  return {
    latent: plain.latent === null ? null : noise.latent,
    ...(plain.given !== undefined && { given: noise.given }),
    withheld: plain.withheld,
    masks: noise.masks,
  };
}

/** The rows of a tensor [count, …] and those of the replicas, [count + K·doubted, …]. */
export function replicateTensor(x: tf.Tensor2D, { count, doubted, masks }: Replication): tf.Tensor2D {
  if (doubted.length === 0) return x;
  // A product with ones and zeros, because it has a cheap gradient.
  const chosen = new Float32Array(doubted.length * count);
  doubted.forEach((b, i) => (chosen[i * count + b] = 1));
  const again = tf.matMul(tf.tensor2d(chosen, [doubted.length, count]), x);
  return tf.concat([x, ...Array.from({ length: masks }, () => again)], 0) as tf.Tensor2D;
}

/** [T, count + K·doubted] → [T, count] of the originals. */
export function originalsOf(costs: tf.Tensor2D, { count }: Replication): tf.Tensor2D {
  return costs.shape[1] === count ? costs : tf.slice(costs, [0, 0], [costs.shape[0], count]);
}

/** The K replicas of the doubted windows, which lie along `axis` after the `count` originals: K × [doubted, …] or [T, doubted]. */
export function replicasOf<Replica extends tf.Tensor>(
  x: Replica,
  { count, doubted, masks }: Replication,
  axis: 0 | 1,
): Replica[] {
  const at = (window: number): number[] => x.shape.map((_, i) => (i === axis ? window : 0));
  const size = x.shape.map((length, i) => (i === axis ? doubted.length : length));
  return Array.from({ length: masks }, (_, k) => tf.slice(x, at(count + k * doubted.length), size));
}

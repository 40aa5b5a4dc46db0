import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../../core/index.ts";

/**
 * Multiplies by a keep-mask that the caller drew, so that nothing here is random; null switches dropout off.
 * For whole channels the mask is [B, 1, 1, C].
 */
export function dropout<T extends tf.Tensor>(x: T, mask: tf.Tensor | null): T {
  return mask === null ? x : tf.mul(x, mask);
}

/**
 * Draws a keep-mask: 0 with probability `rate`, else 1 / (1 − rate), so that the mean is kept.
 * @returns values for a tensor of `shape`.
 */
export function drawKeepMask(rng: Rng, shape: readonly number[], rate: number): Float32Array {
  const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
  const kept = 1 / (1 - rate);
  for (let i = 0; i < values.length; i++) values[i] = rng.uniform() < rate ? 0 : kept;
  return values;
}

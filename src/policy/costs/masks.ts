import * as tf from "@tensorflow/tfjs";
import type { PixelSpec } from "../../sim/index.ts";

/**
 * N egos in N pixel states: where each ego is within its picture, how fast it goes and how large it is. In a family
 * whose pictures are centered on the ego all poses are zero and gradients flow through the pixels; in the separated
 * family they flow through the poses.
 */
export type CostInputs = {
  /** [N, H, W, C] in [0, 1] */
  readonly pixels: tf.Tensor4D;
  /** Ego center relative to the picture's center [m] and heading relative to its axis [rad], [N, 1, 1] each. */
  readonly x: tf.Tensor3D;
  readonly y: tf.Tensor3D;
  readonly heading: tf.Tensor3D;
  /** [m/s], [N, 1, 1], constant: else a policy learns to slow down in order to shrink its safety distance. */
  readonly speed: tf.Tensor3D;
  /** [m], [N, 1, 1] */
  readonly length: tf.Tensor3D;
  readonly width: tf.Tensor3D;
};

/** Distance of every pixel from the ego, along and across its heading [m], [N, H, W] each, never negative. */
export type PixelDistances = { readonly along: tf.Tensor3D; readonly across: tf.Tensor3D };

export function pixelDistances(spec: PixelSpec, inputs: CostInputs): PixelDistances {
  const { height: H, width: W, metersPerRow, metersPerColumn } = spec;
  const rows = Float32Array.from({ length: H }, (_, i) => (H / 2 - 0.5 - i) * metersPerRow);
  const columns = Float32Array.from({ length: W }, (_, j) => (W / 2 - 0.5 - j) * metersPerColumn);
  const ahead = tf.sub(tf.tensor3d(rows, [1, H, 1]), inputs.x); // [N, H, 1]
  const left = tf.sub(tf.tensor3d(columns, [1, 1, W]), inputs.y); // [N, 1, W]
  const cos = tf.cos(inputs.heading);
  const sin = tf.sin(inputs.heading);
  return {
    along: tf.abs(tf.add(tf.mul(ahead, cos), tf.mul(left, sin))),
    across: tf.abs(tf.sub(tf.mul(left, cos), tf.mul(ahead, sin))),
  };
}

/** (far − distance) / (far − near), clamped to [0, 1]: one up to `near`, falling to zero at `far`. */
export function taper(distance: tf.Tensor3D, near: tf.Tensor | number, far: tf.Tensor): tf.Tensor3D {
  return tf.clipByValue(tf.div(tf.sub(far, distance), tf.sub(far, near)), 0, 1) as tf.Tensor3D;
}

/** Σ mask·channel, [N]. */
export function maskedSum(mask: tf.Tensor3D, channel: tf.Tensor3D): tf.Tensor1D {
  return tf.sum(tf.mul(mask, channel), [1, 2]);
}

/**
 * Σ mask·channel / Σ mask, [N]. The denominator is held constant: its gradient would reward moving the mask
 * out of the picture.
 */
export function maskedMean(mask: tf.Tensor3D, channel: tf.Tensor3D): tf.Tensor1D {
  const total = constant(tf.sum(mask, [1, 2]));
  return tf.div(maskedSum(mask, channel), tf.maximum(total, 1e-3));
}

/** The value of `x` without its gradient. */
export function constant<T extends tf.Tensor>(x: T): T {
  return tf.customGrad((value) => ({
    value: tf.clone(value as tf.Tensor),
    gradFunc: (dy) => tf.zerosLike(dy as tf.Tensor),
  }))(x) as T;
}

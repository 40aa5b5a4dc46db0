import * as tf from "@tensorflow/tfjs";
import { channelCount, type PixelSpec } from "../../sim/index.ts";

/**
 * N egos in N pixel states: where each ego is within its picture, how fast it goes and how large it is. In a family
 * whose pictures are centered on the ego there are no poses and gradients flow through the pixels; in the separated
 * family they flow through the poses, pixels being constants.
 */
export type CostInputs = {
  /** [N, H, W, C] in [0, 1] */
  readonly pixels: tf.Tensor4D;
  /** The same as numbers: read once, used by every mask. */
  readonly values: Float32Array;
  /** Ego center relative to the picture's center [m] and heading relative to its axis [rad], [N, 3]; null: in the center. */
  readonly pose: tf.Tensor2D | null;
  /** [m/s], [N], constant: else a policy learns to slow down in order to shrink its safety distance. */
  readonly speed: Float32Array;
  /** [m], [N] */
  readonly length: Float32Array;
  readonly width: Float32Array;
};

/** One up to `near` and falling linearly to zero at `far` [m], by the distance from the ego's center. */
export interface Taper {
  readonly near: number;
  readonly far: number;
}

/** A mask around an ego: (taper along its heading · taper across it)^power. */
export interface Mask {
  readonly along: Taper;
  readonly across: Taper;
  readonly power: 1 | 2;
}

/** Σ mask·channel and Σ mask over the pixels of each picture, [N] each; the second is constant. */
export type MaskSums = { readonly weighted: tf.Tensor1D; readonly total: Float32Array };

/**
 * Sums under the masks that `maskOf` gives for each ego. One operation with hand-derived adjoints, to the poses or to
 * the pixels, instead of dozens of tensor operations on every pixel: only those under the mask are touched.
 */
export function sumUnderMasks(
  spec: PixelSpec,
  inputs: CostInputs,
  channel: number,
  maskOf: (ego: number) => Mask,
): MaskSums {
  const { pose, pixels } = inputs;
  const N = pixels.shape[0];
  const masks = Array.from({ length: N }, (_, n) => maskOf(n));
  return pose === null
    ? sumsByPixels(spec, inputs, channel, masks)
    : sumsByPose(spec, inputs, pose, channel, masks);
}

/** Σ mask·channel / Σ mask, [N]. The denominator is constant: its gradient would reward moving the mask out of the picture. */
export function meanUnderMasks(
  spec: PixelSpec,
  inputs: CostInputs,
  channel: number,
  maskOf: (ego: number) => Mask,
): tf.Tensor1D {
  const { weighted, total } = sumUnderMasks(spec, inputs, channel, maskOf);
  return tf.div(weighted, tf.tensor1d(total.map((sum) => Math.max(sum, 1e-3))));
}

/** The value of `x` without its gradient. */
export function constant<T extends tf.Tensor>(x: T): T {
  return tf.customGrad((value) => ({
    value: tf.clone(value as tf.Tensor),
    gradFunc: (dy) => tf.zerosLike(dy as tf.Tensor),
  }))(x) as T;
}

function sumsByPose(
  spec: PixelSpec,
  { values }: CostInputs,
  pose: tf.Tensor2D,
  channel: number,
  masks: readonly Mask[],
): MaskSums {
  const N = masks.length;
  const poses = pose.dataSync() as Float32Array;
  const weighted = new Float32Array(N);
  const total = new Float32Array(N);
  const slopes = new Float32Array(3 * N);
  const size = spec.height * spec.width * channelCount;
  masks.forEach((mask, n) => {
    const [x, y, heading] = [poses[3 * n]!, poses[3 * n + 1]!, poses[3 * n + 2]!];
    const under = weigh(spec, x, y, heading, mask, values, n * size + channel);
    const { count, value, weight, slopeAlong, slopeAcross, along, across } = under;
    let sum = 0;
    let byAlong = 0;
    let byAcross = 0;
    let byTurn = 0;
    for (let k = 0; k < count; k++) {
      const g = value[k]!;
      sum += g * weight[k]!;
      byAlong += g * slopeAlong[k]!;
      byAcross += g * slopeAcross[k]!;
      byTurn += g * (slopeAlong[k]! * across[k]! - slopeAcross[k]! * along[k]!);
    }
    const cos = Math.cos(heading);
    const sin = Math.sin(heading);
    weighted[n] = sum;
    total[n] = under.total;
    slopes[3 * n] = sin * byAcross - cos * byAlong;
    slopes[3 * n + 1] = -sin * byAlong - cos * byAcross;
    slopes[3 * n + 2] = byTurn;
  });
  const sums = tf.customGrad(() => ({
    value: tf.tensor1d(weighted),
    gradFunc: (dy) => tf.mul(tf.reshape(dy as tf.Tensor, [N, 1]), tf.tensor2d(slopes, [N, 3])),
  }));
  return { weighted: sums(pose) as tf.Tensor1D, total };
}

function sumsByPixels(
  spec: PixelSpec,
  { pixels, values }: CostInputs,
  channel: number,
  masks: readonly Mask[],
): MaskSums {
  const weighted = new Float32Array(masks.length);
  const total = new Float32Array(masks.length);
  const size = spec.height * spec.width * channelCount;
  masks.forEach((mask, n) => {
    const under = weigh(spec, 0, 0, 0, mask, values, n * size + channel);
    let sum = 0;
    for (let k = 0; k < under.count; k++) sum += under.weight[k]! * under.value[k]!;
    weighted[n] = sum;
    total[n] = under.total;
  });
  const sums = tf.customGrad(() => ({
    value: tf.tensor1d(weighted),
    gradFunc: (dy) => {
      const slopes = (dy as tf.Tensor).dataSync();
      const gradient = new Float32Array(masks.length * size);
      masks.forEach((mask, n) => {
        const { count, pixel, weight } = weigh(spec, 0, 0, 0, mask);
        for (let k = 0; k < count; k++) {
          gradient[n * size + pixel[k]! * channelCount + channel] = slopes[n]! * weight[k]!;
        }
      });
      return tf.tensor4d(gradient, pixels.shape);
    },
  }));
  return { weighted: sums(pixels) as tf.Tensor1D, total };
}

/** What is under a mask: pixels with a weight, the first `count` entries of each array. */
export interface Weights {
  count: number;
  /** Σ weight over all pixels under the mask, listed or not. */
  total: number;
  readonly pixel: Int32Array;
  /** What the picture has there, where one is given. */
  readonly value: Float32Array;
  readonly weight: Float64Array;
  /** Of the weight by the pixel's place along and across the ego's heading [1/m]. */
  readonly slopeAlong: Float64Array;
  readonly slopeAcross: Float64Array;
  /** That place [m]. */
  readonly along: Float64Array;
  readonly across: Float64Array;
}

function createWeights(pixels: number): Weights {
  const numbers = (): Float64Array => new Float64Array(pixels);
  return {
    ...{ count: 0, total: 0, pixel: new Int32Array(pixels), value: new Float32Array(pixels) },
    ...{ weight: numbers(), slopeAlong: numbers(), slopeAcross: numbers() },
    ...{ along: numbers(), across: numbers() },
  };
}

/** Arrays rather than calls with numbers, which would each be boxed: planning by cross-entropy took an eighth longer. */
let weights = createWeights(0);

/**
 * Weighs the pixels under a mask around an ego; borrowed until the next call.
 * @param values of a picture, pixel p's at `first + p · channels`: pixels that are zero there are not listed; null: all are
 */
export function weigh(
  { height, width, metersPerRow, metersPerColumn }: PixelSpec,
  x: number,
  y: number,
  heading: number,
  { along, across, power }: Mask,
  values: Float32Array | null = null,
  first = 0,
): Weights {
  if (weights.pixel.length < height * width) weights = createWeights(height * width);
  const into = weights;
  const cos = Math.cos(heading);
  const sin = Math.sin(heading);
  const reachAhead = along.far * Math.abs(cos) + across.far * Math.abs(sin);
  const reachAside = along.far * Math.abs(sin) + across.far * Math.abs(cos);
  const middleRow = height / 2 - 0.5;
  const middleColumn = width / 2 - 0.5;
  const firstRow = Math.max(0, Math.ceil(middleRow - (x + reachAhead) / metersPerRow));
  const lastRow = Math.min(height - 1, Math.floor(middleRow - (x - reachAhead) / metersPerRow));
  const firstColumn = Math.max(0, Math.ceil(middleColumn - (y + reachAside) / metersPerColumn));
  const lastColumn = Math.min(width - 1, Math.floor(middleColumn - (y - reachAside) / metersPerColumn));
  let count = 0;
  let total = 0;
  for (let i = firstRow; i <= lastRow; i++) {
    const ahead = (middleRow - i) * metersPerRow - x;
    for (let j = firstColumn; j <= lastColumn; j++) {
      const left = (middleColumn - j) * metersPerColumn - y;
      const u = ahead * cos + left * sin;
      const v = left * cos - ahead * sin;
      const a = (along.far - Math.abs(u)) / (along.far - along.near);
      const c = (across.far - Math.abs(v)) / (across.far - across.near);
      if (a <= 0 || c <= 0) continue;
      const alongWeight = Math.min(a, 1);
      const acrossWeight = Math.min(c, 1);
      const product = alongWeight * acrossWeight;
      const weight = power === 1 ? product : product * product;
      total += weight;
      const pixel = i * width + j;
      if (values !== null) {
        const value = values[first + pixel * channelCount]!;
        if (value === 0) continue;
        into.value[count] = value;
      }
      const byU = a < 1 ? -Math.sign(u) / (along.far - along.near) : 0;
      const byV = c < 1 ? -Math.sign(v) / (across.far - across.near) : 0;
      const outer = power === 1 ? 1 : 2 * product;
      into.pixel[count] = pixel;
      into.weight[count] = weight;
      into.slopeAlong[count] = outer * byU * acrossWeight;
      into.slopeAcross[count] = outer * byV * alongWeight;
      into.along[count] = u;
      into.across[count] = v;
      count++;
    }
  }
  into.total = total;
  into.count = count;
  return into;
}

import * as tf from "@tensorflow/tfjs";
import { transposedConvolution } from "../kernels/transposed-convolution.ts";
import { checkSlope } from "./affine.ts";
import { explicit, type Padding } from "./conv.ts";
import { rectified, runFused } from "./run-fused.ts";

export interface TransposedConvOptions {
  /** Rows, columns and channels of the result. */
  readonly size: readonly [number, number, number];
  readonly strides: number | [number, number];
  /** Zeros around the result in the convolution that leads from it back to the input. */
  readonly pad: Padding;
  /** Slope of a leaky rectifier on the negative side, 0 is a plain rectifier, 1, the default, none. */
  readonly slope?: number;
}

/** Transposed convolution [B, H, W, C] with a filter [h, w, D, C] plus bias [D] → [B, ...size]. */
export function transposedConv(
  x: tf.Tensor4D,
  filter: tf.Tensor,
  bias: tf.Tensor,
  { size, strides, pad, slope = 1 }: TransposedConvOptions,
): tf.Tensor4D {
  checkSlope(slope);
  const outShape: [number, number, number, number] = [x.shape[0], ...size];
  const attributes = { strides, pad: explicit(pad), slope, outShape };
  const sum = (): tf.Tensor4D =>
    tf.add(tf.conv2dTranspose(x, filter as tf.Tensor4D, outShape, strides, explicit(pad)), bias);
  return runFused(transposedConvolution, x, filter, bias, attributes) ?? rectified(sum(), slope);
}

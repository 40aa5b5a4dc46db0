import * as tf from "@tensorflow/tfjs";
import { gradientSums } from "../gradient-sums.ts";
import {
  rolloutTransposedConvolutionName,
  transposedConvolutionName,
} from "../kernels/transposed-convolution.ts";
import { checkSlope } from "./affine.ts";
import { explicit, type Padding } from "./conv.ts";

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
  if (tf.getKernel(transposedConvolutionName, tf.getBackend())) {
    const found = gradientSums().of(filter);
    if (found !== null) {
      const shared = {
        strides,
        pad: explicit(pad),
        slope,
        outShape,
        ...found,
      } as unknown as tf.NamedAttrMap;
      return tf.engine().runKernel(rolloutTransposedConvolutionName, { x, bias }, shared);
    }
    const attributes = { strides, pad: explicit(pad), slope, outShape } as unknown as tf.NamedAttrMap;
    return tf.engine().runKernel(transposedConvolutionName, { x, filter, bias }, attributes);
  }
  const sum = tf.add(tf.conv2dTranspose(x, filter as tf.Tensor4D, outShape, strides, explicit(pad)), bias);
  return (slope === 1 ? sum : slope === 0 ? tf.relu(sum) : tf.leakyRelu(sum, slope)) as tf.Tensor4D;
}

import * as tf from "@tensorflow/tfjs";
import { affine } from "./affine.ts";

export interface ConvOptions {
  readonly strides?: number;
  /** "same", "valid", or that many rows and columns of zeros on every side. */
  readonly pad?: "same" | "valid" | number;
  /** Slope of a leaky rectifier on the negative side, 0 is a plain rectifier, 1, the default, none. */
  readonly slope?: number;
}

/** Convolution [B, H, W, C] with a filter [h, w, C, D] plus bias [D] (null: none) → [B, H′, W′, D]. */
export function conv(
  x: tf.Tensor4D,
  filter: tf.Tensor,
  bias: tf.Tensor | null,
  { strides = 1, pad = "same", slope = 1 }: ConvOptions = {},
): tf.Tensor4D {
  return affine(x, filter, bias, { strides, pad, slope }, () =>
    tf.conv2d(x, filter as tf.Tensor4D, strides, pad),
  );
}

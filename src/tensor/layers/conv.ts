import * as tf from "@tensorflow/tfjs";

export interface ConvOptions {
  readonly strides?: number;
  /** "same", "valid", or that many rows and columns of zeros on every side. */
  readonly pad?: "same" | "valid" | number;
}

/** Convolution [B, H, W, C] with a filter [h, w, C, D] plus bias [D] (null: none) → [B, H′, W′, D]. */
export function conv(
  x: tf.Tensor4D,
  filter: tf.Tensor,
  bias: tf.Tensor | null,
  { strides = 1, pad = "same" }: ConvOptions = {},
): tf.Tensor4D {
  const y = tf.conv2d(x, filter as tf.Tensor4D, strides, pad);
  return bias === null ? y : tf.add(y, bias);
}

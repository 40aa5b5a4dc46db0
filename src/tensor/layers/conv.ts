import * as tf from "@tensorflow/tfjs";
import { affine } from "./affine.ts";

/** "same", "valid", that many zeros on every side, or [before, after] by axis, batch and channels included. */
export type Padding =
  "same" | "valid" | number | [[number, number], [number, number], [number, number], [number, number]];

export interface ConvOptions {
  /** Of rows and of columns, or of both. */
  readonly strides?: number | [number, number];
  readonly pad?: Padding;
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
  const around = explicit(pad);
  return affine(x, filter, bias, { strides, pad: around, slope }, () =>
    tf.conv2d(x, filter as tf.Tensor4D, strides, around),
  );
}

/** A number of zeros spelled out by axis: given as a number, tfjs takes the filter's height for its width as well. */
export function explicit(pad: Padding): Exclude<Padding, number> {
  return typeof pad === "number"
    ? [
        [0, 0],
        [pad, pad],
        [pad, pad],
        [0, 0],
      ]
    : pad;
}

import * as tf from "@tensorflow/tfjs";
import { affine } from "./affine.ts";

export interface DenseOptions {
  /** Slope of a leaky rectifier on the negative side, 0 is a plain rectifier, 1, the default, none. */
  readonly slope?: number;
}

/** Affine map [B, I] · [I, O] + [O] (null: no bias) → [B, O]. */
export function dense(
  x: tf.Tensor2D,
  weights: tf.Tensor,
  bias: tf.Tensor | null,
  { slope = 1 }: DenseOptions = {},
): tf.Tensor2D {
  return affine(x, weights, bias, { strides: 1, pad: "valid", slope }, () =>
    tf.matMul(x, weights as tf.Tensor2D),
  );
}

import * as tf from "@tensorflow/tfjs";

/** Affine map [B, I] · [I, O] + [O] → [B, O]. */
export function dense(x: tf.Tensor2D, weights: tf.Tensor, bias: tf.Tensor | null): tf.Tensor2D {
  const y: tf.Tensor2D = tf.matMul(x, weights as tf.Tensor2D);
  return bias === null ? y : tf.add<tf.Tensor2D>(y, bias);
}

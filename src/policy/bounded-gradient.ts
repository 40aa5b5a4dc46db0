import * as tf from "@tensorflow/tfjs";

/**
 * `x` as it is, whose gradient passes back with every number cut to its column's limit. Through a long rollout a few windows,
 * those on a collision course, have derivatives a hundred times as large as the rest; a bound on the norm of the
 * whole gradient then leaves nothing of the others.
 * @param x [B, N]
 * @param limits largest magnitude that passes, one per column
 */
export function boundGradient(x: tf.Tensor2D, limits: readonly number[]): tf.Tensor2D {
  const bounded = tf.customGrad((x) => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc: (dy) => {
      const limit = tf.tensor1d([...limits]);
      return tf.minimum(tf.maximum(dy as tf.Tensor, tf.neg(limit)), limit);
    },
  }));
  return bounded(x) as tf.Tensor2D;
}

import * as tf from "@tensorflow/tfjs";

/**
 * How much too slow egos are, max(0, 1 − s / s_target)², of speeds of any shape [m/s]. With a gradient in
 * speed, as the human's cost has and no other: elsewhere it is held constant, because going slower shrinks a mask.
 */
export function progressCost<T extends tf.Tensor>(speed: T, targetSpeed: number): T {
  return tf.square(tf.relu(tf.sub(1, tf.div(speed, targetSpeed))));
}

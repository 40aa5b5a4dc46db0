import * as tf from "@tensorflow/tfjs";

/** x where it is positive, slope · x elsewhere. */
export function leakyRelu<T extends tf.Tensor>(x: T, slope = 0.2): T {
  return tf.leakyRelu(x, slope);
}

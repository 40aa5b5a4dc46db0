import * as tf from "@tensorflow/tfjs";

/** Acceleration along and across [m/s²], [T, B] each: the lateral one is speed²·steering. */
export type Accelerations = { readonly forward: tf.Tensor2D; readonly lateral: tf.Tensor2D };

/** a² + a_lateral², [T, B] in (m/s²)². */
export function actionCost({ forward, lateral }: Accelerations): tf.Tensor2D {
  return tf.add(tf.square(forward), tf.square(lateral));
}

/** Square of the change of both accelerations per second, [T − 1, B] in (m/s³)². */
export function jerkCost({ forward, lateral }: Accelerations, stepSeconds: number): tf.Tensor2D {
  const change = (x: tf.Tensor2D): tf.Tensor2D => {
    const [T, B] = x.shape;
    return tf.div(tf.sub(tf.slice(x, [1, 0], [T - 1, B]), tf.slice(x, [0, 0], [T - 1, B])), stepSeconds);
  };
  return tf.add(tf.square(change(forward)), tf.square(change(lateral)));
}

import * as tf from "@tensorflow/tfjs";
import { egoStateColumns } from "../ego-motion.ts";

/** Columns of an ego state as the published network knows it: x, y and velocity along and across the road. */
export const unitCount = 4;
/** Typical deviations: 20 m and 1 m within a window, 4 m/s and 0.2 m/s; the mean speed is 8 m/s. */
const scales = [20, 1, 4, 0.2];
const means = [0, 0, 8, 0];

/** Ego states [B, 4] → numbers near one, [B, 4]. */
export function toUnits(state: tf.Tensor2D): tf.Tensor2D {
  const { heading, speed } = egoStateColumns;
  const [B] = state.shape;
  const place = tf.slice(state, [0, 0], [B, 2]);
  const angle = tf.slice(state, [0, heading], [B, 1]);
  const fast = tf.slice(state, [0, speed], [B, 1]);
  const all = tf.concat([place, tf.mul(fast, tf.cos(angle)), tf.mul(fast, tf.sin(angle))], 1);
  return tf.div(tf.sub(all, tf.tensor1d(means)), tf.tensor1d(scales)) as tf.Tensor2D;
}

/** The inverse of `toUnits` for egos that go forward. */
export function fromUnits(units: tf.Tensor2D): tf.Tensor2D {
  const [B] = units.shape;
  const all = tf.add<tf.Tensor2D>(tf.mul(units, tf.tensor1d(scales)), tf.tensor1d(means));
  const along = tf.slice(all, [0, 2], [B, 1]);
  const across = tf.slice(all, [0, 3], [B, 1]);
  const speed = tf.sqrt(tf.add(tf.add(tf.square(along), tf.square(across)), 1e-4));
  // A car that stands has the heading of one that creeps.
  const heading = tf.atan(tf.div(across, tf.maximum(along, 0.1)));
  return tf.concat([tf.slice(all, [0, 0], [B, 2]), heading, speed], 1) as tf.Tensor2D;
}

import * as tf from "@tensorflow/tfjs";
import { egoStateSize } from "../../forward-model/index.ts";

/** Errors of x, y [m], heading [rad] and speed [m/s] that count alike: one unit each. */
export const egoStateScales: readonly number[] = [4, 0.5, 0.02, 1];

/**
 * Cost of being elsewhere than the recorded human at the same moment, [T, B]: mean over the columns of the ego state of
 * √(1 + e²) − 1, e the difference in units of `egoStateScales`. A square near the human and linear far from him, so that an
 * ego that has long gone its own way is drawn back without outweighing all others. The "expert regularization" of
 * MPER, as one cost beside the others.
 * @param states T entries [B, 4]
 * @param humans the recorded states at the same steps, T entries of B·4 numbers
 */
export function humanCost(states: readonly tf.Tensor2D[], humans: readonly Float32Array[]): tf.Tensor2D {
  const T = states.length;
  const B = states[0]!.shape[0];
  const recorded = tf.concat(
    humans.map((human) => tf.tensor2d(human, [B, egoStateSize])),
    0,
  );
  const errors = tf.div(tf.sub(tf.concat([...states], 0), recorded), tf.tensor1d([...egoStateScales]));
  const costs = tf.sub(tf.sqrt(tf.add(1, tf.square(errors))), 1);
  return tf.reshape(tf.mean(costs, 1), [T, B]);
}

import * as tf from "@tensorflow/tfjs";
import { egoStateSize } from "../../forward-model/index.ts";

/** Errors of x, y [m], heading [rad] and speed [m/s] that count alike: one unit each. */
export const egoStateScales: readonly number[] = [4, 0.5, 0.02, 1];

/**
 * How far egos are from the recorded humans at the same steps, in units of `egoStateScales`, [T·B, 4], time first.
 * @param states T entries [B, 4]
 * @param humans the recorded states, T entries of B·4 numbers
 */
export function distancesFromHumans(
  states: readonly tf.Tensor2D[],
  humans: readonly Float32Array[],
): tf.Tensor2D {
  const B = states[0]!.shape[0];
  const recorded = tf.concat(
    humans.map((human) => tf.tensor2d(human, [B, egoStateSize])),
    0,
  );
  return tf.div(tf.sub(tf.concat([...states], 0), recorded), tf.tensor1d([...egoStateScales]));
}

/**
 * Cost of being elsewhere than the recorded human at the same moment, [T, B]: mean over the columns of the ego state of
 * √(1 + e²) − 1, e as `distancesFromHumans` gives it. A square near the human and linear far from him, so that an
 * ego that has long gone its own way is drawn back without outweighing all others. The "expert regularization" of
 * MPER, as one cost beside the others.
 */
export function humanCost(states: readonly tf.Tensor2D[], humans: readonly Float32Array[]): tf.Tensor2D {
  const errors = distancesFromHumans(states, humans);
  const costs = tf.sub(tf.sqrt(tf.add(1, tf.square(errors))), 1);
  return tf.reshape(tf.mean(costs, 1), [states.length, states[0]!.shape[0]]);
}

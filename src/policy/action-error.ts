import * as tf from "@tensorflow/tfjs";
import type { Observation, PolicyNetwork } from "./network.ts";

/** Typical deviations of recorded actions, which make both errors count alike: [m/s²] along and across. */
const forwardScale = 0.8;
const lateralScale = 0.3;

export const actionErrorNames = ["acceleration", "steering", "surprise"] as const;
export interface ActionErrors {
  /** Mean square error of the acceleration and of the lateral acceleration, in units of their scales. */
  readonly acceleration: number;
  readonly steering: number;
  /** Mean negative logarithm of the density of the wanted raw outputs [nat]; 0 for a policy that is no distribution. */
  readonly surprise: number;
}

/**
 * How far a policy is from doing `target` [B, 2] where it sees `observation`, and what there is to learn from it: the sum of
 * the two mean square errors, or the surprise of a policy that is a distribution.
 */
export function actionErrors(
  policy: PolicyNetwork,
  observation: Observation,
  target: tf.Tensor2D,
): { readonly errors: ActionErrors; readonly loss: tf.Scalar } {
  const [B, columns] = observation.motion.shape;
  const motion = observation.motion.dataSync();
  const squaredSpeed = Float32Array.from(
    { length: B },
    (_, b) => Math.max(motion[(b + 1) * columns - 2]!, 1) ** 2 / lateralScale,
  );
  const scale = tf.stack([tf.fill([B], 1 / forwardScale), tf.tensor1d(squaredSpeed)], 1);
  const likely = policy.act(observation);
  const squares = tf.mean(tf.square(tf.mul(tf.sub(likely, target), scale)), 0);
  const [acceleration, steering] = squares.dataSync() as unknown as [number, number];
  if (policy.logDensity === null) {
    return { errors: { acceleration, steering, surprise: 0 }, loss: tf.sum(squares) };
  }
  const loss = tf.neg<tf.Scalar>(tf.mean(policy.logDensity(observation, target)));
  return { errors: { acceleration, steering, surprise: loss.dataSync()[0]! }, loss };
}

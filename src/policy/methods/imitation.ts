import * as tf from "@tensorflow/tfjs";
import { egoStateColumns, egoStateSize, type ForwardModelConfig } from "../../forward-model/index.ts";
import { channelCount, pixelSpecs } from "../../sim/index.ts";
import { valueAndGradient } from "../../tensor/index.ts";
import type { PolicyNetwork } from "../network.ts";
import { motionOf, packViews } from "../roll-out.ts";
import { recordedActions, type PolicyWindows } from "../windows.ts";

/** Typical deviations of recorded actions, which make both errors count alike: [m/s²] along and across. */
const forwardScale = 0.8;
const lateralScale = 0.3;

export const imitationNames = ["acceleration", "steering", "surprise"] as const;
export interface ImitationReport {
  /** Mean square error of the acceleration and of the lateral acceleration, in units of their scales. */
  readonly acceleration: number;
  readonly steering: number;
  /** Mean negative logarithm of the density of the human's raw outputs [nat]; 0 for a policy that is no distribution. */
  readonly surprise: number;
  readonly total: number;
}

/**
 * One-step imitation: mean square error of the action against the human's, and its gradient; of a policy that is a
 * distribution, the negative logarithm of what it gives to the human's action instead.
 */
export function imitationGradient(
  policy: PolicyNetwork,
  model: ForwardModelConfig,
  windows: PolicyWindows,
  gradient: Float32Array,
): ImitationReport {
  const B = windows.count;
  let acceleration = 0;
  let steering = 0;
  let surprise = 0;
  const total = valueAndGradient(
    () => {
      const last = windows.states[windows.states.length - 1]!;
      const squaredSpeed = Float32Array.from(
        { length: B },
        (_, b) => Math.max(last[b * egoStateSize + egoStateColumns.speed]!, 1) ** 2 / lateralScale,
      );
      const scale = tf.stack([tf.fill([B], 1 / forwardScale), tf.tensor1d(squaredSpeed)], 1);
      const { height, width } = pixelSpecs[model.pixels];
      const pictures = windows.views.map((view) => tf.tensor4d(view, [B, height, width, channelCount]));
      const states = windows.states.map((state) => tf.tensor2d(state, [B, egoStateSize]));
      const observation = {
        views: packViews(pictures, windows.egoChannel, model),
        motion: motionOf(states),
      };
      const target = tf.tensor2d(recordedActions(windows, model), [B, 2]);
      const likely = policy.act(observation);
      const errors = tf.mean(tf.square(tf.mul(tf.sub(likely, target), scale)), 0);
      [acceleration, steering] = errors.dataSync() as unknown as [number, number];
      if (policy.logDensity === null) return tf.sum(errors);
      const loss = tf.neg<tf.Scalar>(tf.mean(policy.logDensity(observation, target)));
      surprise = loss.dataSync()[0]!;
      return loss;
    },
    policy.parameters,
    gradient,
  );
  return { acceleration, steering, surprise, total };
}

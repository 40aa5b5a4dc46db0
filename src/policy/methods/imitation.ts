import * as tf from "@tensorflow/tfjs";
import { egoStateColumns, egoStateSize, type ForwardModelConfig } from "../../forward-model/index.ts";
import { channelCount, pixelSpecs } from "../../sim/index.ts";
import { valueAndGradient } from "../../tensor/index.ts";
import type { PolicyNetwork } from "../network.ts";
import { actsOf } from "../roll-out.ts";
import { recordedActions, type PolicyWindows } from "../windows.ts";

/** Typical deviations of recorded actions, which make both errors count alike: [m/s²] along and across. */
const forwardScale = 0.8;
const lateralScale = 0.3;

export interface ImitationReport {
  /** Mean square error of the acceleration and of the lateral acceleration, in units of their scales. */
  readonly acceleration: number;
  readonly steering: number;
  readonly total: number;
}

/** One-step imitation: mean square error of the action against the human's, and its gradient. */
export function imitationGradient(
  policy: PolicyNetwork,
  model: ForwardModelConfig,
  windows: PolicyWindows,
  gradient: Float32Array,
): ImitationReport {
  const B = windows.count;
  let acceleration = 0;
  let steering = 0;
  const total = valueAndGradient(
    () => {
      const last = windows.states[windows.states.length - 1]!;
      const squaredSpeed = Float32Array.from(
        { length: B },
        (_, b) => Math.max(last[b * egoStateSize + egoStateColumns.speed]!, 1) ** 2 / lateralScale,
      );
      const scale = tf.stack([tf.fill([B], 1 / forwardScale), tf.tensor1d(squaredSpeed)], 1);
      const { height, width } = pixelSpecs[model.pixels];
      const action = actsOf(
        policy,
        windows.egoChannel,
        model,
      )(
        {
          pictures: windows.views.map((view) => tf.tensor4d(view, [B, height, width, channelCount])),
          states: windows.states.map((state) => tf.tensor2d(state, [B, egoStateSize])),
        },
        0,
      );
      const target = tf.tensor2d(recordedActions(windows, model), [B, 2]);
      const errors = tf.mean(tf.square(tf.mul(tf.sub(action, target), scale)), 0);
      [acceleration, steering] = errors.dataSync() as unknown as [number, number];
      return tf.sum(errors);
    },
    policy.parameters,
    gradient,
  );
  return { acceleration, steering, total };
}

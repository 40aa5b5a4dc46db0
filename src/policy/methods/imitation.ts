import * as tf from "@tensorflow/tfjs";
import { egoStateSize, type ForwardModelConfig } from "../../forward-model/index.ts";
import { channelCount, pixelSpecs } from "../../sim/index.ts";
import { valueAndGradient } from "../../tensor/index.ts";
import { actionErrorNames, actionErrors, type ActionErrors } from "../action-error.ts";
import { motionOf, packViews } from "../acts.ts";
import type { PolicyNetwork } from "../network.ts";
import { recordedActions, type PolicyWindows } from "../windows.ts";

export const imitationNames = actionErrorNames;
export type ImitationReport = ActionErrors & { readonly total: number };

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
  let errors!: ActionErrors;
  const total = valueAndGradient(
    () => {
      const { height, width } = pixelSpecs[model.pixels];
      const pictures = windows.views.map((view) => tf.tensor4d(view, [B, height, width, channelCount]));
      const states = windows.states.map((state) => tf.tensor2d(state, [B, egoStateSize]));
      const observation = {
        views: packViews(pictures, windows.egoChannel, model),
        motion: motionOf(states),
      };
      const wanted = actionErrors(policy, observation, tf.tensor2d(recordedActions(windows, model), [B, 2]));
      errors = wanted.errors;
      return wanted.loss;
    },
    policy.parameters,
    gradient,
  );
  return { ...errors, total };
}

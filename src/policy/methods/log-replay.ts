import type { ForwardModel } from "../../forward-model/index.ts";
import type { PolicyConfig } from "../config.ts";
import { replayWorld } from "../imagine.ts";
import type { PolicyNetwork } from "../network.ts";
import type { PolicyWindows } from "../windows.ts";
import { objectiveGradient, type PolicyStepReport } from "../policy-gradient.ts";

/**
 * The recorded future in the place of the model: the upper bound of every model-based method, which tells faults of
 * the costs from faults of the model. The windows must have been drawn with `futureSteps` = the horizon.
 */
export function logReplayGradient(
  policy: PolicyNetwork,
  model: Pick<ForwardModel, "config">,
  config: PolicyConfig,
  windows: PolicyWindows,
  gradient: Float32Array,
): PolicyStepReport {
  return objectiveGradient(policy, model, config, windows, replayWorld(windows.world), gradient, () => null);
}

import { driveThrough, replayWorld, type ForwardModel } from "../../forward-model/index.ts";
import type { PolicyConfig } from "../config.ts";
import type { PolicyNetwork } from "../network.ts";
import type { Price } from "../world-costs.ts";
import { aloneIn, objectiveGradient, type PolicyStepReport } from "../policy-gradient.ts";
import type { PolicyWindows } from "../windows.ts";

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
  price?: Price,
): PolicyStepReport {
  const imagination = driveThrough(replayWorld(windows.world), windows, model.config);
  const cast = aloneIn(windows, model.config, config);
  return objectiveGradient(policy, config, imagination, cast, gradient, () => null, price);
}

import type { Rng } from "../../core/index.ts";
import type { ForwardModel } from "../../forward-model/index.ts";
import type { PolicyConfig } from "../config.ts";
import type { PolicyNetwork } from "../network.ts";
import type { PolicyStepReport } from "../policy-gradient.ts";
import type { Shard } from "../windows.ts";
import type { Price } from "../world-costs.ts";
import { mpurGradient } from "./mpur.ts";

/**
 * Stochastic value gradients: MPUR, in futures that are drawn, with nothing to pay for the model's uncertainty. Heess et al.,
 * "Learning Continuous Control Policies by Stochastic Value Gradients" (2015).
 */
export function svgGradient(
  policy: PolicyNetwork,
  model: ForwardModel,
  config: PolicyConfig,
  shard: Shard,
  rng: Rng,
  gradient: Float32Array,
  price?: Price,
): PolicyStepReport {
  return mpurGradient(policy, model, config, shard, null, rng, gradient, price);
}

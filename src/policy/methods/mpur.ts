import type { Rng } from "../../core/index.ts";
import type { ForwardModel } from "../../forward-model/index.ts";
import type { PolicyConfig } from "../config.ts";
import type { UncertaintyCalibration } from "../costs/index.ts";
import type { PolicyNetwork } from "../network.ts";
import { objectiveGradient, type PolicyStepReport } from "../policy-gradient.ts";
import { imagineInDoubt } from "../uncertainty.ts";
import type { Shard } from "../windows.ts";
import type { Price } from "../world-costs.ts";

/**
 * MPUR: the policy's total cost in the imagined world and its gradient, written to `gradient`.
 *
 *     L = mean_t γᵗ (λ_proximity C_proximity + λ_lane C_lane + λ_offroad C_offroad + … + u_reg U_t)
 *
 * The model imagines each window once, with latents as `policy.latents` says and without dropout; every n-th window also
 * K times with dropout and the same latents. The variance of the cost over these K worlds, for one and the same
 * way of the ego, is the model's doubt (uncertainty.ts). Henaff, Canziani & LeCun, ICLR 2019, section 3.
 */
export function mpurGradient(
  policy: PolicyNetwork,
  model: ForwardModel,
  config: PolicyConfig,
  shard: Shard,
  calibration: UncertaintyCalibration | null,
  rng: Rng,
  gradient: Float32Array,
  price?: Price,
): PolicyStepReport {
  const { imagination, cast, uncertaintyOf, dispose } = imagineInDoubt(
    policy,
    model,
    config,
    shard,
    calibration,
    rng,
    price,
  );
  const report = objectiveGradient(policy, config, imagination, cast, gradient, uncertaintyOf, price);
  dispose();
  return report;
}

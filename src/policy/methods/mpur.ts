import type { Rng } from "../../core/index.ts";
import { disposeNoise, type ForwardModel } from "../../forward-model/index.ts";
import type { PolicyConfig } from "../config.ts";
import { uncertaintyCost, type UncertaintyCalibration } from "../costs/index.ts";
import type { PolicyNetwork } from "../network.ts";
import { objectiveGradient, type PolicyStepReport } from "../policy-gradient.ts";
import { replicateNoise, replicateStart, single } from "../replicas.ts";
import { costVariance, doubtIn, type Shard } from "../uncertainty.ts";

/**
 * MPUR: the policy's total cost in the imagined world and its gradient, written to `gradient`.
 *
 *     L = Σ_t γᵗ (C_proximity + λ_lane C_lane + λ_offroad C_offroad + … ) + u_reg Σ_t γᵗ U_t
 *
 * The model imagines each window once with latents from the prior and without dropout; every n-th window also K
 * times with dropout and the same latents. The variance of the cost over these K worlds, for one and the same
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
): PolicyStepReport {
  const { windows, first } = shard;
  const replication = calibration === null ? single(windows.count) : doubtIn(shard, config.uncertainty);
  const start = replicateStart(windows, replication);
  const noise = replicateNoise(model.config, replication, config.horizonSteps, rng, first);
  const imagination = model.imagine(start, config.horizonSteps, noise);
  const cast = { sizes: start, egoChannel: windows.egoChannel, replication };
  const report = objectiveGradient(policy, config, imagination, cast, gradient, (costs) =>
    replication.doubted.length === 0
      ? null
      : uncertaintyCost(
          costVariance(costs, config.weights, replication),
          calibration!,
          config.uncertainty.hinge,
        ),
  );
  disposeNoise(noise);
  return report;
}

import type * as tf from "@tensorflow/tfjs";
import { stepSeconds, type ForwardModel } from "../forward-model/index.ts";
import { valueAndGradient } from "../tensor/index.ts";
import type { PolicyConfig } from "./config.ts";
import type { CostReport } from "./costs/index.ts";
import type { PolicyNetwork } from "./network.ts";
import { costTerms, weightedTotal, worldCosts } from "./objective.ts";
import { rollOutPolicy, type EgoRollout, type World } from "./roll-out.ts";
import type { PolicyWindows } from "./windows.ts";

export type PolicyStepReport = CostReport & { readonly total: number };

/** Cost of driving through `world` and its gradient; also what log-replay uses, with the recorded world. */
export function objectiveGradient(
  policy: PolicyNetwork,
  model: Pick<ForwardModel, "config">,
  config: PolicyConfig,
  windows: PolicyWindows,
  world: World,
  gradient: Float32Array,
  uncertaintyOf: (rollout: EgoRollout) => tf.Tensor2D | null,
): PolicyStepReport {
  let report!: CostReport;
  const total = valueAndGradient(
    () => {
      const rollout = rollOutPolicy(policy, model.config, windows, world);
      const costs = worldCosts(model.config, windows, world, rollout.states);
      const terms = costTerms(rollout, costs, uncertaintyOf(rollout), config, stepSeconds(model.config));
      report = Object.fromEntries(
        Object.entries(terms).map(([name, term]) => [name, term.dataSync()[0]!]),
      ) as CostReport;
      return weightedTotal(terms, config.weights);
    },
    policy.parameters,
    gradient,
  );
  return { ...report, total };
}

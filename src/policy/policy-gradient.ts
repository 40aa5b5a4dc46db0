import type * as tf from "@tensorflow/tfjs";
import {
  firstOf,
  rollOut,
  stepSeconds,
  type ForwardModelConfig,
  type Imagination,
  type ImaginedStep,
  type Rollout,
} from "../forward-model/index.ts";
import { pixelSpecs } from "../sim/index.ts";
import { valueAndGradient } from "../tensor/index.ts";
import { actsOf } from "./acts.ts";
import type { PolicyConfig } from "./config.ts";
import type { CostReport } from "./costs/index.ts";
import type { PolicyNetwork } from "./network.ts";
import { costTerms, weightedTotal } from "./objective.ts";
import { originalsOf, replicateTensor, single, type EgoSizes, type Replication } from "./replicas.ts";
import { recordedStates, type PolicyWindows } from "./windows.ts";
import { formulas, mapWorldCosts, type WorldCosts } from "./world-costs.ts";

export type PolicyStepReport = CostReport & { readonly total: number };

/** Who drives through an imagination: the policy in the original windows, and replicas that do as their originals. */
export interface Cast {
  /** Of all windows, originals and replicas. */
  readonly sizes: EgoSizes;
  /** The originals' own rectangles, [B, H, W] in [0, 1]. */
  readonly egoChannel: Float32Array;
  /** What the originals draw their actions with, if the policy is a distribution (`PolicyWindows.actionNoise`). */
  readonly actionNoise: readonly Float32Array[];
  /** Where the humans were whom the originals replace, one entry per step; null where that costs nothing. */
  readonly humans: readonly Float32Array[] | null;
  readonly replication: Replication;
}

/** Nobody is replicated. */
export function aloneIn(windows: PolicyWindows, model: ForwardModelConfig, config: PolicyConfig): Cast {
  const { count, egoChannel, actionNoise } = windows;
  const humans = humansOf(windows, model, config);
  return { sizes: windows, egoChannel, actionNoise, humans, replication: single(count) };
}

/** The recorded states after "now", where a policy pays for leaving them. */
export function humansOf(
  windows: PolicyWindows,
  model: ForwardModelConfig,
  { weights, horizonSteps }: PolicyConfig,
): Float32Array[] | null {
  return weights.human === 0 ? null : recordedStates(windows, model, horizonSteps);
}

/** What a rollout is to be judged by: named scalars, and their weighted sum. */
export type Judgment<Name extends string> = {
  readonly terms: { readonly [Term in Name]: tf.Scalar };
  readonly total: tf.Scalar;
};

/** Lets the policy drive through an imagination, and gives the gradient of what `judge` makes of it. */
export function rolloutGradient<Name extends string>(
  policy: PolicyNetwork,
  steps: number,
  imagination: Imagination,
  { egoChannel, actionNoise, replication }: Cast,
  gradient: Float32Array,
  judge: (rollout: Rollout) => Judgment<Name>,
): { readonly [Term in Name | "total"]: number } {
  const act = actsOf(policy, egoChannel, imagination.config, actionNoise);
  let report!: { [Term in Name]: number };
  const total = valueAndGradient(
    () => {
      const rollout = rollOut(
        imagination,
        steps,
        (observed, t) => replicateTensor(act(observed, t), replication),
        replication.count,
      );
      const { terms, total } = judge(rollout);
      report = Object.fromEntries(
        Object.entries<tf.Scalar>(terms).map(([name, term]) => [name, term.dataSync()[0]!]),
      ) as { [Term in Name]: number };
      return total;
    },
    policy.parameters,
    gradient,
  );
  return { ...report, total };
}

/**
 * Cost of driving through an imagination and its gradient.
 * @param uncertaintyOf from what all windows came to and cost [T, N] to the uncertainty cost [T, doubted]
 */
export function objectiveGradient(
  policy: PolicyNetwork,
  config: PolicyConfig,
  imagination: Imagination,
  cast: Cast,
  gradient: Float32Array,
  uncertaintyOf: (steps: readonly ImaginedStep[], costs: WorldCosts) => tf.Tensor2D | null,
  price = formulas(config),
): PolicyStepReport {
  const { sizes, replication } = cast;
  const { count } = replication;
  const view = imagination.config;
  return rolloutGradient(policy, config.horizonSteps, imagination, cast, gradient, (rollout) => {
    const all = price(pixelSpecs[view.pixels], sizes, rollout.steps);
    const own = {
      actions: rollout.actions.map((action) => firstOf(action, count)),
      states: rollout.steps.map(({ state }) => firstOf(state, count)),
      humans: cast.humans,
      before: null,
    };
    const costs = mapWorldCosts(all, (cost) => originalsOf(cost, replication));
    const terms = costTerms(own, costs, uncertaintyOf(rollout.steps, all), config, stepSeconds(view));
    return { terms, total: weightedTotal(terms, config.weights) };
  });
}

import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import {
  disposeNoise,
  type ForwardModel,
  type Imagination,
  type ImaginedStep,
} from "../forward-model/index.ts";
import { pixelSpecs, type PixelSpec } from "../sim/index.ts";
import type { PolicyConfig } from "./config.ts";
import {
  egoStateScales,
  epistemicVariance,
  uncertaintyCost,
  type DoubtName,
  type UncertaintyCalibration,
} from "./costs/index.ts";
import { drawLatents } from "./latents.ts";
import type { PolicyNetwork } from "./network.ts";
import { ownView } from "./own-view.ts";
import { humansOf, type Cast } from "./policy-gradient.ts";
import { replicasOf, replicateNoise, replicateStart, single, type Replication } from "./replicas.ts";
import type { Shard } from "./windows.ts";
import { weightedWorldCost, type Price, type WorldCosts } from "./world-costs.ts";

/** Every n-th window of the whole batch is doubted, whoever computes it. */
function doubtIn(
  { windows, first }: Shard,
  { everyWindow, masks }: PolicyConfig["uncertainty"],
): Replication {
  const doubted = windows.frames.map((_, b) => b).filter((b) => (first + b) % everyWindow === 0);
  return { count: windows.count, doubted, masks };
}

/** How many windows of the whole batch there are for each doubted one: fewer than asked for where the batch is no multiple of it. */
function windowsPerDoubt({
  training: { batchSize },
  uncertainty: { everyWindow },
}: Pick<PolicyConfig, "training" | "uncertainty">): number {
  return batchSize / Math.ceil(batchSize / everyWindow);
}

/** What variances are taken of, and what costs weigh in them. */
export type Doubted = Pick<PolicyConfig, "weights"> & {
  readonly uncertainty: Pick<PolicyConfig["uncertainty"], "of">;
};

/** Each variance that counts, over the replicas, [T, doubted]: of views a mean over pixels, of states over columns in units. */
export function variancesOf(
  spec: PixelSpec,
  steps: readonly ImaginedStep[],
  costs: WorldCosts,
  { weights, uncertainty }: Doubted,
  replication: Replication,
): { readonly [Name in DoubtName]?: tf.Tensor2D } {
  const overSteps = (of: (step: ImaginedStep) => tf.Tensor): tf.Tensor2D =>
    tf.stack(
      steps.map((step) => {
        const variance = epistemicVariance(replicasOf(of(step), replication, 0));
        return tf.mean(tf.reshape(variance, [replication.doubted.length, -1]), 1);
      }),
    ) as tf.Tensor2D;
  const variances: { readonly [Name in DoubtName]: () => tf.Tensor2D } = {
    image: () => overSteps(({ scene }) => ownView(spec, scene)),
    state: () => overSteps(({ state }) => tf.div(state, tf.tensor1d([...egoStateScales]))),
    cost: () => epistemicVariance(replicasOf(weightedWorldCost(costs, weights), replication, 1)),
  };
  return Object.fromEntries(uncertainty.of.map((name) => [name, variances[name]()]));
}

/** Windows that the model imagines with latents as `policy.latents` says, some of them several times. */
export interface DoubtfulImagination {
  readonly imagination: Imagination;
  readonly cast: Cast;
  /**
   * From what all N windows came to and cost [T, N] to the uncertainty cost [T, doubted], of which a mean stands for all
   * windows: where fewer of these windows are doubted than of the whole batch, each counts for less. Null where nobody is.
   */
  uncertaintyOf(steps: readonly ImaginedStep[], costs: WorldCosts): tf.Tensor2D | null;
  /** Frees the noise, after the last step. */
  dispose(): void;
}

/**
 * @param policy for whom the worst of several futures is sought, where latents are adversarial
 * @param calibration null: no window is doubted
 */
export function imagineInDoubt(
  policy: PolicyNetwork,
  model: ForwardModel,
  config: PolicyConfig,
  shard: Shard,
  calibration: UncertaintyCalibration | null,
  rng: Rng,
  price?: Price,
): DoubtfulImagination {
  const { windows, first } = shard;
  const replication = calibration === null ? single(windows.count) : doubtIn(shard, config.uncertainty);
  const start = replicateStart(windows, replication);
  const latents = drawLatents(policy, model, config, shard, rng, price);
  const noise = replicateNoise(model.config, replication, config.horizonSteps, rng, first, latents);
  return {
    imagination: model.imagine(start, config.horizonSteps, noise),
    cast: {
      sizes: start,
      egoChannel: windows.egoChannel,
      actionNoise: windows.actionNoise,
      humans: humansOf(windows, model.config, config),
      replication,
    },
    uncertaintyOf(steps, costs) {
      if (replication.doubted.length === 0) return null;
      const variances = variancesOf(pixelSpecs[model.config.pixels], steps, costs, config, replication);
      const share = (replication.doubted.length * windowsPerDoubt(config)) / windows.count;
      return tf.mul(uncertaintyCost(variances, calibration!, config.uncertainty.hinge), share);
    },
    dispose: () => disposeNoise(noise),
  };
}

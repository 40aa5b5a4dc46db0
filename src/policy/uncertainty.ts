import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import { disposeNoise, rollOut, type ForwardModel, type Imagination } from "../forward-model/index.ts";
import { pixelSpecs } from "../sim/index.ts";
import type { PolicyConfig } from "./config.ts";
import { epistemicVariance, uncertaintyCost, type UncertaintyCalibration } from "./costs/index.ts";
import { drawLatents } from "./latents.ts";
import type { PolicyNetwork } from "./network.ts";
import { formulas, type Price, type WorldCosts } from "./objective.ts";
import { humansOf, type Cast } from "./policy-gradient.ts";
import { replicasOf, replicateNoise, replicateStart, single, type Replication } from "./replicas.ts";
import { recordedActions, type PolicyWindows, type Shard } from "./windows.ts";

/** Every n-th window of the whole batch is doubted, whoever computes it. */
export function doubtIn(
  { windows, first }: Shard,
  { everyWindow, masks }: PolicyConfig["uncertainty"],
): Replication {
  const doubted = windows.frames.map((_, b) => b).filter((b) => (first + b) % everyWindow === 0);
  return { count: windows.count, doubted, masks };
}

/** Variance of the weighted world cost over the replicas, [T, doubted]. */
export function costVariance(
  costs: WorldCosts,
  { lane, offroad, proximity }: PolicyConfig["weights"],
  replication: Replication,
): tf.Tensor2D {
  const weighted = tf.addN([
    tf.mul(costs.proximity, proximity),
    tf.mul(costs.lane, lane),
    tf.mul(costs.offroad, offroad),
  ]) as tf.Tensor2D;
  return epistemicVariance(replicasOf(weighted, replication));
}

/** Windows that the model imagines with latents as `policy.latents` says, some of them several times. */
export interface DoubtfulImagination {
  readonly imagination: Imagination;
  readonly cast: Cast;
  /** From the costs of all windows [T, N] to the uncertainty cost [T, doubted]; null where nobody is doubted. */
  uncertaintyOf(costs: WorldCosts): tf.Tensor2D | null;
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
    uncertaintyOf(costs) {
      if (replication.doubted.length === 0) return null;
      const variance = costVariance(costs, config.weights, replication);
      return uncertaintyCost(variance, calibration!, config.uncertainty.hinge);
    },
    dispose: () => disposeNoise(noise),
  };
}

/**
 * What variance of the cost is usual: its mean and deviation at each step over training windows, with the recorded
 * actions. `windows` must hold only windows with a recorded future.
 */
export function calibrateUncertainty(
  model: ForwardModel,
  config: PolicyConfig,
  batches: Iterable<PolicyWindows>,
  rng: Rng,
  price = formulas(config),
): UncertaintyCalibration {
  const steps = config.horizonSteps;
  const sum = new Float64Array(steps);
  const squares = new Float64Array(steps);
  let count = 0;
  for (const windows of batches) {
    const everyone = windows.frames.map((_, b) => b);
    const replication = { count: windows.count, doubted: everyone, masks: config.uncertainty.masks };
    const start = replicateStart(windows, replication);
    const noise = replicateNoise(model.config, replication, steps, rng, count);
    const imagination = model.imagine(start, steps, noise);
    tf.tidy(() => {
      const recorded = (_: unknown, t: number): tf.Tensor2D => {
        const actions = tf.tensor2d(recordedActions(windows, model.config, t), [windows.count, 2]);
        return tf.tile(actions, [config.uncertainty.masks + 1, 1]);
      };
      const { steps: imagined } = rollOut(imagination, steps, recorded, 0);
      const costs = price(pixelSpecs[model.config.pixels], start, imagined);
      const variance = costVariance(costs, config.weights, replication).dataSync();
      variance.forEach((value, n) => {
        const t = Math.floor(n / windows.count);
        sum[t]! += value;
        squares[t]! += value * value;
      });
    });
    disposeNoise(noise);
    count += windows.count;
  }
  const mean = Array.from(sum, (value) => value / count);
  const deviation = Array.from(squares, (value, t) =>
    Math.sqrt(Math.max(value / count - mean[t]! ** 2, 1e-12)),
  );
  return { mean, deviation };
}

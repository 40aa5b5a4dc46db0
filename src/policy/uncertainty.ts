import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import { disposeNoise, rollOut, type ForwardModel } from "../forward-model/index.ts";
import { pixelSpecs } from "../sim/index.ts";
import type { PolicyConfig } from "./config.ts";
import { epistemicVariance, type UncertaintyCalibration } from "./costs/index.ts";
import { worldCosts, type WorldCosts } from "./objective.ts";
import { replicasOf, replicateNoise, replicateStart, type Replication } from "./replicas.ts";
import { recordedActions, type PolicyWindows } from "./windows.ts";

/** Which of an update's windows a worker holds: `first` of `windows.count` consecutive ones. */
export interface Shard {
  readonly windows: PolicyWindows;
  readonly first: number;
}

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

/**
 * What variance of the cost is usual: its mean and deviation at each step over training windows, with the recorded
 * actions. `windows` must hold only windows with a recorded future.
 */
export function calibrateUncertainty(
  model: ForwardModel,
  config: PolicyConfig,
  batches: Iterable<PolicyWindows>,
  rng: Rng,
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
      const costs = worldCosts(pixelSpecs[model.config.pixels], start, imagined);
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

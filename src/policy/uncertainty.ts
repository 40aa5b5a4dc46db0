import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import type { ForwardModel } from "../forward-model/index.ts";
import type { PolicyConfig } from "./config.ts";
import { epistemicVariance, type UncertaintyCalibration } from "./costs/index.ts";
import { worldCosts, type WorldCosts } from "./objective.ts";
import { imagineReplicas } from "./replicas.ts";
import type { EgoRollout, World } from "./roll-out.ts";
import { recordedStates, type PolicyWindows } from "./windows.ts";

/** Which of an update's windows a worker holds: `first` of `windows.count` consecutive ones. */
export interface Shard {
  readonly windows: PolicyWindows;
  readonly first: number;
}

/** The windows of a shard that are replicated: every n-th of the whole batch, whoever computes it. */
export interface Doubted {
  readonly indices: readonly number[];
  readonly windows: Pick<PolicyWindows, "count" | "frames" | "length" | "width">;
  select(rollout: EgoRollout): readonly tf.Tensor2D[];
}

export function doubtedWindows({ windows, first }: Shard, every: number): Doubted {
  const indices = windows.frames.map((_, b) => b).filter((b) => (first + b) % every === 0);
  return {
    indices,
    windows: {
      count: indices.length,
      frames: indices.map((b) => windows.frames[b]!),
      length: Float32Array.from(indices, (b) => windows.length[b]!),
      width: Float32Array.from(indices, (b) => windows.width[b]!),
    },
    select(rollout) {
      // A product with ones and zeros, because it has a cheap gradient.
      const chosen = tf.oneHot(tf.tensor1d([...indices], "int32"), windows.count) as tf.Tensor2D;
      return rollout.states.map((state) => tf.matMul(tf.cast(chosen, "float32"), state));
    },
  };
}

/** Variance of the weighted world cost over replicas, [T, b], for given ego states. */
export function costVariance(
  model: ForwardModel,
  config: PolicyConfig,
  windows: Doubted["windows"],
  replicas: readonly World[],
  states: readonly tf.Tensor2D[],
): tf.Tensor2D {
  const { proximity, lane, offroad } = config.weights;
  const scalar = (costs: WorldCosts): tf.Tensor2D =>
    tf.addN([
      costs.proximity,
      tf.mul(costs.lane, lane / proximity),
      tf.mul(costs.offroad, offroad / proximity),
    ]) as tf.Tensor2D;
  return epistemicVariance(replicas.map((world) => scalar(worldCosts(model.config, windows, world, states))));
}

/**
 * What variance of the cost is usual: its mean and deviation at each step over training windows along the recorded
 * way. `windows` must hold only windows with a recorded future.
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
    const [, ...replicas] = imagineReplicas(
      model,
      windows.world,
      everyone,
      { steps, masks: config.uncertainty.masks, first: count },
      rng,
    );
    tf.tidy(() => {
      const states = recordedStates(windows, model.config, steps).map((state) =>
        tf.tensor2d(state, [windows.count, 4]),
      );
      const variance = costVariance(model, config, windows, replicas, states).dataSync();
      variance.forEach((value, n) => {
        const t = Math.floor(n / windows.count);
        sum[t]! += value;
        squares[t]! += value * value;
      });
    });
    count += windows.count;
  }
  const mean = Array.from(sum, (value) => value / count);
  const deviation = Array.from(squares, (value, t) =>
    Math.sqrt(Math.max(value / count - mean[t]! ** 2, 1e-12)),
  );
  return { mean, deviation };
}

import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../../core/index.ts";
import {
  disposeNoise,
  drawNoise,
  stepSeconds,
  type ForwardModel,
  type WorldWindows,
} from "../../forward-model/index.ts";
import { valueAndGradient } from "../../tensor/index.ts";
import type { PolicyConfig } from "../config.ts";
import {
  epistemicVariance,
  uncertaintyCost,
  type CostReport,
  type UncertaintyCalibration,
} from "../costs/index.ts";
import { imagineWorld } from "../imagine.ts";
import type { PolicyNetwork } from "../network.ts";
import { costTerms, weightedTotal, worldCosts, type WorldCosts } from "../objective.ts";
import { rollOutPolicy, type EgoRollout, type World } from "../roll-out.ts";
import { recordedStates, type PolicyWindows } from "../windows.ts";

export type PolicyStepReport = CostReport & { readonly total: number };

/** Which of an update's windows a worker holds: `first` of `windows.count` consecutive ones. */
export interface Shard {
  readonly windows: PolicyWindows;
  readonly first: number;
}

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
  const steps = config.horizonSteps;
  const noise = drawNoise(model.config, { batch: windows.count, steps, dropout: false }, rng, first);
  const world = imagineWorld(model, windows.world, steps, noise);
  disposeNoise(noise);
  const doubted = calibration === null ? null : doubtedWindows(shard, config.uncertainty.everyWindow);
  const replicas =
    doubted === null || doubted.indices.length === 0
      ? []
      : imagineReplicas(model, doubted, steps, config.uncertainty.masks, first, rng);
  return objectiveGradient(policy, model, config, windows, world, gradient, (rollout) =>
    replicas.length === 0
      ? null
      : uncertaintyCost(
          costVariance(model, config, doubted!.windows, replicas, doubted!.select(rollout)),
          calibration!,
          config.uncertainty.hinge,
        ),
  );
}

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

/** The windows of a shard that are replicated: every n-th of the whole batch, whoever computes it. */
interface Doubted {
  readonly indices: readonly number[];
  readonly windows: Pick<PolicyWindows, "count" | "frames" | "length" | "width"> & {
    readonly world: WorldWindows;
  };
  select(rollout: EgoRollout): readonly tf.Tensor2D[];
}

function doubtedWindows({ windows, first }: Shard, every: number): Doubted {
  const indices = windows.frames.map((_, b) => b).filter((b) => (first + b) % every === 0);
  const pick = (bytes: Uint8Array): Uint8Array => {
    const size = bytes.length / windows.count;
    const picked = new Uint8Array(indices.length * size);
    indices.forEach((b, i) => picked.set(bytes.subarray(b * size, (b + 1) * size), i * size));
    return picked;
  };
  return {
    indices,
    windows: {
      count: indices.length,
      frames: indices.map((b) => windows.frames[b]!),
      length: Float32Array.from(indices, (b) => windows.length[b]!),
      width: Float32Array.from(indices, (b) => windows.width[b]!),
      world: { count: indices.length, context: windows.world.context.map(pick), future: [] },
    },
    select(rollout) {
      // A product with ones and zeros, because it has a cheap gradient.
      const chosen = tf.oneHot(tf.tensor1d([...indices], "int32"), windows.count) as tf.Tensor2D;
      return rollout.states.map((state) => tf.matMul(tf.cast(chosen, "float32"), state));
    },
  };
}

/** K imagined worlds with the same latents and dropout masks of their own. */
function imagineReplicas(
  model: ForwardModel,
  doubted: Pick<Doubted, "windows">,
  steps: number,
  masks: number,
  first: number,
  rng: Rng,
): World[] {
  const shape = { batch: doubted.windows.count, steps };
  return Array.from({ length: masks }, (_, k) => {
    const shared = drawNoise(model.config, { ...shape, dropout: false }, rng.fork("replicas"), first);
    const own = drawNoise(model.config, { ...shape, dropout: true }, rng.fork(`replica ${k}`), first);
    const world = imagineWorld(model, doubted.windows.world, steps, { ...own, latent: shared.latent });
    disposeNoise(shared);
    disposeNoise(own);
    return world;
  });
}

/** Variance of the weighted world cost over replicas, [T, b], for given ego states. */
function costVariance(
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
    const replicas = imagineReplicas(model, { windows }, steps, config.uncertainty.masks, count, rng);
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

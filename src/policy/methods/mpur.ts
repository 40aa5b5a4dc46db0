import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../../core/index.ts";
import {
  disposeNoise,
  drawNoise,
  stepSeconds,
  type DropoutMasks,
  type ForwardModel,
  type RolloutNoise,
  type WorldWindows,
} from "../../forward-model/index.ts";
import { numbersOf, valueAndGradient } from "../../tensor/index.ts";
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
  const doubted = calibration === null ? null : doubtedWindows(shard, config.uncertainty.everyWindow);
  const [world, ...replicas] = imagineReplicas(
    model,
    windows.world,
    doubted?.indices ?? [],
    { steps: config.horizonSteps, masks: config.uncertainty.masks, first },
    rng,
  );
  return objectiveGradient(policy, model, config, windows, world!, gradient, (rollout) =>
    doubted === null || doubted.indices.length === 0
      ? null
      : uncertaintyCost(
          costVariance(model, config, doubted.windows, replicas, doubted.select(rollout)),
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
  readonly windows: Pick<PolicyWindows, "count" | "frames" | "length" | "width">;
  select(rollout: EgoRollout): readonly tf.Tensor2D[];
}

function doubtedWindows({ windows, first }: Shard, every: number): Doubted {
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

interface ReplicaOptions {
  readonly steps: number;
  /** K */
  readonly masks: number;
  /** Number of the first window within its update. */
  readonly first: number;
}

/**
 * Imagines all windows once without dropout, and those of `doubted` K times more with masks of their own and the
 * same latents: as one batch, because that is the fastest way to ask a small network for many things.
 * @returns the world of all windows, then K worlds of the doubted ones
 */
function imagineReplicas(
  model: ForwardModel,
  windows: WorldWindows,
  doubted: readonly number[],
  { steps, masks, first }: ReplicaOptions,
  rng: Rng,
): World[] {
  const { count } = windows;
  const d = doubted.length;
  const K = d === 0 ? 0 : masks;
  const plain = drawNoise(model.config, { batch: count, steps, dropout: false }, rng.fork("latent"), first);
  const masked = Array.from({ length: K }, (_, k) =>
    drawNoise(model.config, { batch: d, steps: 0, dropout: true }, rng.fork(`masks ${k}`), first),
  );
  const batch = count + K * d;
  const all = numbersOf(() => {
    const noise = { ...plain, ...replicateNoise(plain, masked, doubted, count) };
    const repeated = {
      context: windows.context.map((bytes) => repeatWindows(bytes, count, doubted, K)),
      ego: {
        picture: repeatWindows(windows.ego.picture, count, doubted, K),
        offset: repeatWindows(windows.ego.offset, count, doubted, K),
        velocity: repeatWindows(windows.ego.velocity, count, doubted, K),
      },
    };
    return imagineWorld(model, repeated, steps, noise);
  });
  for (const noise of [plain, ...masked]) disposeNoise(noise);
  const size = all[0]!.length / batch;
  const part = (begin: number, length: number): World =>
    all.map((frame) => frame.subarray(begin * size, (begin + length) * size));
  return [part(0, count), ...Array.from({ length: K }, (_, k) => part(count + k * d, d))];
}

/** The latents of all windows and again of the doubted ones, K times; masks of one for the former. */
function replicateNoise(
  plain: RolloutNoise,
  masked: readonly RolloutNoise[],
  doubted: readonly number[],
  count: number,
): Pick<RolloutNoise, "latent" | "masks"> {
  const [some] = masked;
  if (some === undefined) return { latent: plain.latent, masks: null };
  const chosen = tf.tensor1d([...doubted], "int32");
  const latent = plain.latent?.map((z) => {
    const again = tf.gather(z, chosen);
    return tf.concat([z, ...masked.map(() => again)], 0) as tf.Tensor2D;
  });
  const masks = Object.fromEntries(
    Object.entries(some.masks!).map(([name, mask]) => [
      name,
      tf.concat(
        [
          tf.ones([count, 1, 1, mask.shape[3]]),
          ...masked.map((noise) => noise.masks![name as keyof DropoutMasks]),
        ],
        0,
      ),
    ]),
  );
  return { latent: latent ?? null, masks: masks as DropoutMasks };
}

/** All windows, then the doubted ones `times` times. */
function repeatWindows<Numbers extends Uint8Array | Float32Array>(
  values: Numbers,
  count: number,
  doubted: readonly number[],
  times: number,
): Numbers {
  const size = values.length / count;
  const length = (count + times * doubted.length) * size;
  const repeated = (
    values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length)
  ) as Numbers;
  repeated.set(values);
  let offset = values.length;
  for (let k = 0; k < times; k++) {
    for (const b of doubted) {
      repeated.set(values.subarray(b * size, (b + 1) * size), offset);
      offset += size;
    }
  }
  return repeated;
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

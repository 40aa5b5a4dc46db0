import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../../core/index.ts";
import {
  disposeNoise,
  egoStateColumns,
  egoStateSize,
  firstOf,
  rollOut,
  selectRows,
  stepSeconds,
  type DropoutMasks,
  type ForwardModel,
  type ForwardModelConfig,
  type Imagination,
  type RolloutNoise,
} from "../../forward-model/index.ts";
import { pixelSpecs } from "../../sim/index.ts";
import type { PolicyConfig } from "../config.ts";
import { uncertaintyCost, type UncertaintyCalibration } from "../costs/index.ts";
import { boundAccelerations, steerWith, type ActionBounds } from "../network.ts";
import { totalByWindow, type DrivenWay, type Objective } from "../objective.ts";
import { originalsOf, replicateNoise, replicateStart, single, type EgoSizes } from "../replicas.ts";
import { variancesOf } from "../uncertainty.ts";
import { mapWorldCosts, worldCosts } from "../world-costs.ts";
import type { PlannerConfig } from "./config.ts";
import type { PlanStart } from "./look-back.ts";

/**
 * Futures of B egos: K sampled ones each, and M dropout replicas of every one of these. Window (m·K + k)·B + b is ego
 * b's, m = 0 without dropout; a plan is tried in all of its ego's windows.
 */
export interface Futures {
  readonly egos: number;
  readonly steps: number;
  /** K */
  readonly samples: number;
  /** M */
  readonly masks: number;
  /** All of it at "now"; plans are tried in what its `again` gives. */
  readonly imagination: Imagination;
  /** Of all windows. */
  readonly sizes: EgoSizes;
  /** How each ego has just accelerated; null where a model sees one instant alone. */
  readonly before: DrivenWay["before"];
  dispose(): void;
}

/**
 * Asks the model once per decision; noise stays the same for all plans that are tried.
 * @param rngs one stream per ego, so that an ego's futures do not depend on who else drives
 */
export function imagineFutures(
  model: ForwardModel,
  start: PlanStart,
  { horizonSteps: steps, samples, masks }: Pick<PlannerConfig, "horizonSteps" | "samples" | "masks">,
  rngs: readonly Rng[],
): Futures {
  const egos = start.count;
  const everyone = Array.from({ length: egos }, (_, b) => b);
  const windows = { count: egos, doubted: everyone, masks: samples * (1 + masks) - 1 };
  const all = replicateStart(start, windows);
  const noise = drawNoises(model.config, samples, masks, steps, rngs);
  return {
    egos,
    steps,
    samples,
    masks,
    imagination: model.imagine(all, steps, noise),
    sizes: all,
    before: accelerationsBefore(start, stepSeconds(model.config)),
    dispose: () => disposeNoise(noise),
  };
}

/** Accelerations of the last step before "now" [m/s²], as the last two states of the egos tell them. */
function accelerationsBefore({ count, states }: PlanStart, dt: number): DrivenWay["before"] {
  const [then, now] = states.slice(-2);
  if (then === undefined || now === undefined) return null;
  const changeOf = (column: number, b: number): number =>
    (now[b * egoStateSize + column]! - then[b * egoStateSize + column]!) / dt;
  const { heading, speed } = egoStateColumns;
  return {
    forward: Float32Array.from({ length: count }, (_, b) => changeOf(speed, b)),
    lateral: Float32Array.from(
      { length: count },
      (_, b) => changeOf(heading, b) * now[b * egoStateSize + speed]!,
    ),
  };
}

/**
 * What each of several plans costs, [copies·B, T, 2] → [copies·B]; plan p·B + b is ego b's. A plan says acceleration and
 * lateral acceleration step by step, before their bounds; each future's own speed makes steering of the latter.
 */
export type Judge = (plans: tf.Tensor3D) => tf.Tensor1D;

/** What plans are judged by. */
export interface PlanObjective
  extends ActionBounds, Objective, Pick<PolicyConfig, "proximity" | "uncertainty"> {
  /** What doubt is usual, and by what prices its costs were told; needed where futures have replicas. */
  readonly usual: {
    readonly calibration: UncertaintyCalibration;
    readonly prices: Pick<PolicyConfig, "proximity" | "weights">;
  } | null;
}

/** What plans pay by a configuration. */
export function pricesOf({
  proximity,
  weights,
}: Pick<PlannerConfig, "proximity" | "weights">): Pick<PolicyConfig, "proximity" | "weights"> {
  return { proximity, weights: { ...weights, human: 0 } };
}

/**
 * A judge of `copies` plans per ego at a time: the mean over the sampled futures of the objective that policies learn
 * from, at the prices of plans. Differentiable; its tensors belong to the caller's tidy.
 */
export function judgeOf(futures: Futures, copies: number, objective: PlanObjective): Judge {
  const { egos, samples, masks, steps } = futures;
  const worlds = samples * (1 + masks);
  const plansAtOnce = copies * egos;
  const windows = Array.from({ length: worlds * plansAtOnce }, (_, n) => {
    const world = Math.floor(n / plansAtOnce);
    return world * egos + (n % egos);
  });
  const imagination = copies === 1 ? futures.imagination : futures.imagination.again(windows);
  const { config } = imagination;
  const spec = pixelSpecs[config.pixels];
  const sizes = {
    length: selectRows(futures.sizes.length, worlds * egos, windows),
    width: selectRows(futures.sizes.width, worlds * egos, windows),
  };
  const own = samples * plansAtOnce;
  const ofOwn = (each: Float32Array): Float32Array =>
    selectRows(
      each,
      egos,
      windows.slice(0, own).map((n) => n % egos),
    );
  const before = futures.before && {
    forward: ofOwn(futures.before.forward),
    lateral: ofOwn(futures.before.lateral),
  };
  const replication =
    masks === 0 ? single(own) : { count: own, doubted: Array.from({ length: own }, (_, n) => n), masks };
  return (plans) => {
    const accelerations = tf.unstack(tf.tile(boundAccelerations(plans, objective), [worlds, 1, 1]), 1);
    const { actions, steps: imagined } = rollOut(imagination.again(), steps, ({ states }, t) =>
      steerWith(accelerations[t] as tf.Tensor2D, states.at(-1)!, egoStateColumns.speed),
    );
    const costs = worldCosts(spec, sizes, imagined, objective.proximity);
    const way = {
      actions: actions.map((action) => firstOf(action, own)),
      states: imagined.map(({ state }) => firstOf(state, own)),
      humans: null,
      before,
    };
    const ownCosts = mapWorldCosts(costs, (cost) => originalsOf(cost, replication));
    const doubtOf = ({ calibration, prices }: NonNullable<PlanObjective["usual"]>): tf.Tensor2D => {
      const { proximity } = prices;
      const priced = proximity === objective.proximity ? costs : worldCosts(spec, sizes, imagined, proximity);
      const doubted = { weights: prices.weights, uncertainty: objective.uncertainty };
      const variances = variancesOf(spec, imagined, priced, doubted, replication);
      return uncertaintyCost(variances, calibration, objective.uncertainty.hinge);
    };
    const uncertainty = masks === 0 || objective.usual === null ? null : doubtOf(objective.usual);
    const totals = totalByWindow(way, ownCosts, uncertainty, objective, stepSeconds(config));
    return tf.mean(tf.reshape(totals, [samples, plansAtOnce]), 0);
  };
}

/** Noise for the windows of `Futures`, each ego's from its own stream. */
function drawNoises(
  config: ForwardModelConfig,
  samples: number,
  masks: number,
  steps: number,
  rngs: readonly Rng[],
): RolloutNoise {
  const everySample = Array.from({ length: samples }, (_, k) => k);
  const replication = masks === 0 ? single(samples) : { count: samples, doubted: everySample, masks };
  const each = rngs.map((rng) => replicateNoise(config, replication, steps, rng, 0));
  const first = each[0]!;
  // Rows of one ego lie together; in a batch, the egos of one row do.
  const interleave = <T extends tf.Tensor>(tensors: readonly T[]): T => {
    const [rows, ...rest] = tensors[0]!.shape as [number, ...number[]];
    return tf.reshape(tf.stack([...tensors], 1), [rows * tensors.length, ...rest]) as T;
  };
  const noise = tf.tidy(() => ({
    latent: (first.latent ?? []).map((_, t) => interleave(each.map(({ latent }) => latent![t]!))),
    masks: Object.fromEntries(
      Object.keys(first.masks ?? {}).map((layer) => [
        layer,
        interleave(each.map(({ masks: drawn }) => drawn![layer]!)),
      ]),
    ) as DropoutMasks,
  }));
  each.forEach(disposeNoise);
  return {
    latent: first.latent === null ? null : noise.latent,
    withheld: first.withheld,
    masks: first.masks === null ? null : noise.masks,
  };
}

import * as tf from "@tensorflow/tfjs";
import { egoStateColumns, type ImaginedStep } from "../forward-model/index.ts";
import type { PixelSpec } from "../sim/index.ts";
import type { PolicyConfig } from "./config.ts";
import {
  actionCost,
  constant,
  jerkCost,
  laneCost,
  offroadCost,
  pixelDistances,
  proximityCost,
  type Accelerations,
  type CostInputs,
  type CostTerms,
  type CostWeights,
} from "./costs/index.ts";
import type { EgoSizes } from "./replicas.ts";

/** What the world costs the ego, step by step, [T, B] each. */
export type WorldCosts = {
  readonly proximity: tf.Tensor2D;
  readonly lane: tf.Tensor2D;
  readonly offroad: tf.Tensor2D;
};

/** What N imagined egos pay at each step. */
export function worldCosts(spec: PixelSpec, sizes: EgoSizes, steps: readonly ImaginedStep[]): WorldCosts {
  const T = steps.length;
  const N = sizes.length.length;
  const shape: [number, number, number] = [T * N, 1, 1];
  const speeds = steps.map(({ state }) => tf.slice(state, [0, egoStateColumns.speed], [N, 1]));
  const repeated = (values: Float32Array): tf.Tensor3D =>
    tf.tensor3d(
      Float32Array.from({ length: T * N }, (_, n) => values[n % N]!),
      shape,
    );
  const inputs: CostInputs = {
    pixels: tf.concat(
      steps.map(({ scene }) => scene.pixels),
      0,
    ), // [T·N, …], time first
    ...posesOf(steps, shape),
    speed: constant(tf.reshape(tf.concat(speeds, 0), shape)),
    length: repeated(sizes.length),
    width: repeated(sizes.width),
  };
  const distances = pixelDistances(spec, inputs);
  const byStep = (cost: tf.Tensor1D): tf.Tensor2D => tf.reshape(cost, [T, N]);
  return {
    proximity: byStep(proximityCost(spec, distances, inputs)),
    lane: byStep(laneCost(distances, inputs)),
    offroad: byStep(offroadCost(distances, inputs)),
  };
}

function posesOf(
  steps: readonly ImaginedStep[],
  shape: [number, number, number],
): Pick<CostInputs, "x" | "y" | "heading"> {
  const poses = steps.flatMap(({ scene }) => (scene.pose === null ? [] : [scene.pose]));
  if (poses.length === 0) {
    const centered = tf.zeros<tf.Rank.R3>(shape);
    return { x: centered, y: centered, heading: centered };
  }
  const all = tf.concat(poses, 0); // [T·N, 3]
  const column = (index: number): tf.Tensor3D => tf.reshape(tf.slice(all, [0, index], [shape[0], 1]), shape);
  return { x: column(0), y: column(1), heading: column(2) };
}

/** Actions and the states that they led to, T entries each. */
export type EgoWay = {
  /** [B, 4] */
  readonly states: readonly tf.Tensor2D[];
  /** [B, 2] */
  readonly actions: readonly tf.Tensor2D[];
};

/** The accelerations of a rollout, along and across, [T, B] each. */
export function accelerationsOf(rollout: EgoWay): Accelerations {
  const T = rollout.actions.length;
  const B = rollout.actions[0]!.shape[0];
  const actions = tf.concat([...rollout.actions], 0);
  const states = tf.concat([...rollout.states], 0);
  const of = (x: tf.Tensor, index: number): tf.Tensor2D =>
    tf.reshape(tf.slice(x, [0, index], [T * B, 1]), [T, B]);
  const speed = constant(of(states, egoStateColumns.speed));
  return { forward: of(actions, 0), lateral: tf.mul(of(actions, 1), tf.square(speed)) };
}

/**
 * The discounted means of all costs over steps and windows.
 * @param uncertainty [T, b] of the replicated windows, or null when there are none
 */
export function costTerms(
  rollout: EgoWay,
  costs: WorldCosts,
  uncertainty: tf.Tensor2D | null,
  config: PolicyConfig,
  stepLength: number,
): CostTerms {
  const accelerations = accelerationsOf(rollout);
  const mean = (cost: tf.Tensor2D): tf.Scalar => discountedMean(cost, config.discount);
  return {
    proximity: mean(costs.proximity),
    lane: mean(costs.lane),
    offroad: mean(costs.offroad),
    action: mean(actionCost(accelerations)),
    jerk: rollout.actions.length > 1 ? mean(jerkCost(accelerations, stepLength)) : tf.scalar(0),
    uncertainty: uncertainty === null ? tf.scalar(0) : mean(uncertainty),
  };
}

/** Mean over steps and windows of discountᵗ·cost, for [T, B]. */
export function discountedMean(cost: tf.Tensor2D, discount: number): tf.Scalar {
  const T = cost.shape[0];
  const factors = Float32Array.from({ length: T }, (_, t) => discount ** t);
  return tf.mean(tf.mul(cost, tf.tensor2d(factors, [T, 1])));
}

/** Σ weight·term. */
export function weightedTotal(terms: CostTerms, weights: CostWeights): tf.Scalar {
  return tf.addN(
    Object.entries(terms).map(([name, term]) => tf.mul(term, weights[name as keyof CostWeights])),
  ) as tf.Scalar;
}

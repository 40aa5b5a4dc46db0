import * as tf from "@tensorflow/tfjs";
import { egoStateColumns, stepSeconds, type ForwardModelConfig } from "../forward-model/index.ts";
import { channelCount, pixelSpecs } from "../sim/index.ts";
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
import type { EgoRollout, World } from "./roll-out.ts";
import type { PolicyWindows } from "./windows.ts";

/** What the world costs the ego, step by step, [T, B] each. */
export type WorldCosts = {
  readonly proximity: tf.Tensor2D;
  readonly lane: tf.Tensor2D;
  readonly offroad: tf.Tensor2D;
};

/** The costs of ego states (T × [B, 4]) in a world. */
export function worldCosts(
  model: ForwardModelConfig,
  windows: Pick<PolicyWindows, "count" | "frames" | "length" | "width">,
  world: World,
  states: readonly tf.Tensor2D[],
): WorldCosts {
  const T = states.length;
  const B = windows.count;
  const spec = pixelSpecs[model.pixels];
  const all = tf.concat([...states], 0); // [T·B, 4], time first
  const column = (index: number): tf.Tensor3D =>
    tf.reshape(tf.slice(all, [0, index], [T * B, 1]), [T * B, 1, 1]);
  const travelled = Float32Array.from({ length: T * B }, (_, n) => {
    const t = Math.floor(n / B);
    return windows.frames[n % B]!.speed * (t + 1) * stepSeconds(model);
  });
  const repeated = (values: Float32Array): tf.Tensor3D =>
    tf.tensor3d(
      Float32Array.from({ length: T * B }, (_, n) => values[n % B]!),
      [T * B, 1, 1],
    );
  const inputs: CostInputs = {
    pixels: stack(world, T, [T * B, spec.height, spec.width, channelCount]),
    x: tf.sub(column(egoStateColumns.x), tf.tensor3d(travelled, [T * B, 1, 1])),
    y: column(egoStateColumns.y),
    heading: column(egoStateColumns.heading),
    speed: constant(column(egoStateColumns.speed)),
    length: repeated(windows.length),
    width: repeated(windows.width),
  };
  const distances = pixelDistances(spec, inputs);
  const byStep = (cost: tf.Tensor1D): tf.Tensor2D => tf.reshape(cost, [T, B]);
  return {
    proximity: byStep(proximityCost(spec, distances, inputs)),
    lane: byStep(laneCost(distances, inputs)),
    offroad: byStep(offroadCost(distances, inputs)),
  };
}

function stack(world: World, T: number, shape: [number, number, number, number]): tf.Tensor4D {
  const size = world[0]!.length;
  const values = new Float32Array(T * size);
  for (let t = 0; t < T; t++) values.set(world[t]!, t * size);
  return tf.tensor4d(values, shape);
}

/** The accelerations of a rollout, along and across, [T, B] each. */
export function accelerationsOf(rollout: EgoRollout): Accelerations {
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
  rollout: EgoRollout,
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

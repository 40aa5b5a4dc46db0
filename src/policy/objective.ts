import * as tf from "@tensorflow/tfjs";
import { egoStateColumns } from "../forward-model/index.ts";
import type { PolicyConfig } from "./config.ts";
import {
  actionCost,
  humanCost,
  jerkCost,
  progressCost,
  type Accelerations,
  type CostTerms,
  type CostWeights,
} from "./costs/index.ts";
import type { WorldCosts } from "./world-costs.ts";

/** Actions and the states that they led to, T entries each. */
export type DrivenWay = {
  /** [B, 4] */
  readonly states: readonly tf.Tensor2D[];
  /** [B, 2] */
  readonly actions: readonly tf.Tensor2D[];
  /** Where the recorded humans were at the same steps, B·4 numbers each; null where nobody knows. */
  readonly humans: readonly Float32Array[] | null;
  /** With what accelerations the first step was begun, B numbers each; null where nobody knows, and the first action is free. */
  readonly before: { readonly forward: Float32Array; readonly lateral: Float32Array } | null;
};

/** The speeds that the actions led to, [T, B] in m/s. */
function speedsOf({ states }: DrivenWay): tf.Tensor2D {
  const B = states[0]!.shape[0];
  const columns = states.map((state) => tf.slice(state, [0, egoStateColumns.speed], [B, 1]));
  return tf.reshape(tf.concat(columns, 0), [states.length, B]);
}

/**
 * The accelerations of a rollout, along and across, [T, B] each, at the speeds at which the actions were chosen: steering is
 * chosen by speed for the sake of a lateral acceleration, and through both of them it does not depend on speed.
 * @param stepLength of a step [s]
 */
export function accelerationsOf(
  rollout: Pick<DrivenWay, "states" | "actions">,
  stepLength: number,
): Accelerations {
  const T = rollout.actions.length;
  const B = rollout.actions[0]!.shape[0];
  const actions = tf.concat([...rollout.actions], 0);
  const states = tf.concat([...rollout.states], 0);
  const of = (x: tf.Tensor, index: number): tf.Tensor2D =>
    tf.reshape(tf.slice(x, [0, index], [T * B, 1]), [T, B]);
  const forward = of(actions, 0);
  const speed = tf.sub(of(states, egoStateColumns.speed), tf.mul(forward, stepLength));
  return { forward, lateral: tf.mul(of(actions, 1), tf.square(speed)) };
}

/** The same with those before the first step in front, [T + 1, B] each. */
function withThoseBefore(
  accelerations: Accelerations,
  before: NonNullable<DrivenWay["before"]>,
): Accelerations {
  const put = (first: Float32Array, then: tf.Tensor2D): tf.Tensor2D =>
    tf.concat([tf.tensor2d(first, [1, first.length]), then], 0);
  return {
    forward: put(before.forward, accelerations.forward),
    lateral: put(before.lateral, accelerations.lateral),
  };
}

/** What a rollout is judged by. */
export type Objective = Pick<PolicyConfig, "weights" | "discount" | "targetSpeed">;

/**
 * The discounted means of all costs over steps and windows.
 * @param uncertainty [T, b] of the replicated windows, or null when there are none
 */
export function costTerms(
  rollout: DrivenWay,
  costs: WorldCosts,
  uncertainty: tf.Tensor2D | null,
  { discount, targetSpeed }: Objective,
  stepLength: number,
): CostTerms {
  return termsBy(
    (cost) => discountedMean(cost, discount),
    rollout,
    costs,
    uncertainty,
    stepLength,
    targetSpeed,
  );
}

/**
 * The weighted sum of the same costs, window by window: discounted means over steps alone, [B].
 * @param uncertainty [T, B], or null for none
 */
export function totalByWindow(
  rollout: DrivenWay,
  costs: WorldCosts,
  uncertainty: tf.Tensor2D | null,
  { discount, weights, targetSpeed }: Objective,
  stepLength: number,
): tf.Tensor1D {
  const mean = (cost: tf.Tensor2D): tf.Tensor1D => tf.mean(discounted(cost, discount), 0);
  return weightedTotal(termsBy(mean, rollout, costs, uncertainty, stepLength, targetSpeed), weights);
}

function termsBy<Term extends tf.Tensor>(
  mean: (cost: tf.Tensor2D) => Term,
  rollout: DrivenWay,
  costs: WorldCosts,
  uncertainty: tf.Tensor2D | null,
  stepLength: number,
  targetSpeed: number,
): CostTerms<Term> {
  const accelerations = accelerationsOf(rollout, stepLength);
  const { before } = rollout;
  const changing = before === null ? accelerations : withThoseBefore(accelerations, before);
  const none = (): Term => mean(tf.zerosLike(costs.lane));
  return {
    proximity: mean(costs.proximity),
    lane: mean(costs.lane),
    offroad: mean(costs.offroad),
    action: mean(actionCost(accelerations)),
    jerk: changing.forward.shape[0] > 1 ? mean(jerkCost(changing, stepLength)) : none(),
    progress: mean(progressCost(speedsOf(rollout), targetSpeed)),
    human: rollout.humans === null ? none() : mean(humanCost(rollout.states, rollout.humans)),
    uncertainty: uncertainty === null ? none() : mean(uncertainty),
  };
}

/** Mean over steps and windows of discountᵗ·cost, for [T, B]. */
export function discountedMean(cost: tf.Tensor2D, discount: number): tf.Scalar {
  return tf.mean(discounted(cost, discount));
}

function discounted(cost: tf.Tensor2D, discount: number): tf.Tensor2D {
  const T = cost.shape[0];
  const factors = Float32Array.from({ length: T }, (_, t) => discount ** t);
  return tf.mul(cost, tf.tensor2d(factors, [T, 1]));
}

/** Σ weight·term. */
export function weightedTotal<Term extends tf.Tensor>(terms: CostTerms<Term>, weights: CostWeights): Term {
  return tf.addN(
    Object.entries(terms).map(([name, term]) => tf.mul(term, weights[name as keyof CostWeights])),
  ) as Term;
}

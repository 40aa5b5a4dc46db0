import * as tf from "@tensorflow/tfjs";
import { egoStateColumns, type ImaginedStep } from "../forward-model/index.ts";
import type { PixelSpec } from "../sim/index.ts";
import type { PolicyConfig } from "./config.ts";
import {
  laneCost,
  offroadCost,
  proximityCosts,
  worldCostNames,
  type CostInputs,
  type ProximityForm,
  type WorldCostName,
} from "./costs/index.ts";
import type { EgoSizes } from "./replicas.ts";

/** What the world costs the ego, step by step, [T, B] each. */
export type WorldCosts<Cost = tf.Tensor2D> = { readonly [Name in WorldCostName]: Cost };

/** The same of each of them. */
export function mapWorldCosts<Cost, Result>(
  { proximity, lane, offroad }: WorldCosts<Cost>,
  of: (cost: Cost) => Result,
): WorldCosts<Result> {
  return { proximity: of(proximity), lane: of(lane), offroad: of(offroad) };
}

/** Σ weight·cost, [T, B]. */
export function weightedWorldCost(costs: WorldCosts, weights: WorldCosts<number>): tf.Tensor2D {
  return tf.addN(worldCostNames.map((name) => tf.mul(costs[name], weights[name]))) as tf.Tensor2D;
}

/** Σ weight·cost of plain numbers, at entry `i` of each. */
export function weightedWorldCostAt(
  { proximity, lane, offroad }: WorldCosts<Float32Array>,
  weights: WorldCosts<number>,
  i: number,
): number {
  return weights.proximity * proximity[i]! + weights.lane * lane[i]! + weights.offroad * offroad[i]!;
}

/** What N imagined egos pay at each step; no gradient flows through their speed. */
export function worldCosts(
  spec: PixelSpec,
  sizes: EgoSizes,
  steps: readonly ImaginedStep[],
  proximity: ProximityForm = "summed",
): WorldCosts {
  const T = steps.length;
  const N = sizes.length.length;
  const repeated = (values: Float32Array): Float32Array =>
    Float32Array.from({ length: T * N }, (_, n) => values[n % N]!);
  const pixels = tf.concat(
    steps.map(({ scene }) => scene.pixels),
    0,
  ); // [T·N, …], time first
  const poses = steps.flatMap(({ scene }) => (scene.pose === null ? [] : [scene.pose]));
  const speeds = steps.map(({ state }) => tf.slice(state, [0, egoStateColumns.speed], [N, 1]));
  const inputs: CostInputs = {
    pixels,
    values: pixels.dataSync() as Float32Array,
    pose: poses.length === 0 ? null : tf.concat(poses, 0),
    speed: tf.concat(speeds, 0).dataSync() as Float32Array,
    length: repeated(sizes.length),
    width: repeated(sizes.width),
  };
  const byStep = (cost: tf.Tensor1D): tf.Tensor2D => tf.reshape(cost, [T, N]);
  return {
    proximity: byStep(proximityCosts[proximity](spec, inputs)),
    lane: byStep(laneCost(spec, inputs)),
    offroad: byStep(offroadCost(spec, inputs)),
  };
}

/** What says how much N imagined egos pay: the formulas, or a network that has learned them. */
export type Price = (spec: PixelSpec, sizes: EgoSizes, steps: readonly ImaginedStep[]) => WorldCosts;

/** The formulas, with the form of proximity that a configuration names. */
export const formulas =
  ({ proximity }: Pick<PolicyConfig, "proximity">): Price =>
  (spec, sizes, steps) =>
    worldCosts(spec, sizes, steps, proximity);

import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import {
  disposeNoise,
  drawNoise,
  egoStateSize,
  rollOut,
  toBytes,
  viewOf,
  type Act,
  type ForwardModel,
} from "../forward-model/index.ts";
import { pixelSpecs, type Action } from "../sim/index.ts";
import { numbersOf } from "../tensor/index.ts";
import { actsOf } from "./acts.ts";
import type { Policy } from "./checkpoint.ts";
import type { ActionBounds } from "./network.ts";
import { actsOfPlans, type Plan, type PlanStart } from "./plan/index.ts";
import { mapWorldCosts, worldCosts, type WorldCosts } from "./world-costs.ts";

/** What one ego imagines of its next T steps. */
export interface Prospect {
  /** Where it is after each of them: T times x, y [m], heading [rad] and speed [m/s], in road coordinates. */
  readonly states: Float32Array;
  /** What it would see then, bytes [H, W, C] each, of the steps that were asked for. */
  readonly views: readonly Uint8Array[];
  /** What that would cost it, T numbers each. */
  readonly costs: WorldCosts<Float32Array>;
}

/** How a driver goes on from a start, as one who acts in an imagination. */
export type Intent = (start: PlanStart) => Act;

/** A policy acts by what is imagined; it must see as the model does (`expectSameSight`). */
export const policyIntent =
  ({ network, view }: Pick<Policy, "network" | "view">): Intent =>
  ({ egoChannel }) =>
    actsOf(network, egoChannel, view);

/** A planner keeps to its plan. */
export const planIntent =
  (plan: Pick<Plan, "actions">, bounds: ActionBounds): Intent =>
  () =>
    actsOfPlans([plan], bounds);

/** Of a driver that needs more than pictures the present action is all that is known. */
export const heldIntent =
  ({ acceleration, steering }: Readonly<Action>): Intent =>
  () =>
  () =>
    tf.tensor2d([[acceleration, steering]]);

/**
 * Lets the driver of one ego drive on inside the model: latents from the prior, no dropout.
 * @param start of one ego
 * @param steps T
 * @param shown the steps, 1 to T, after which its view is wanted
 * @param rng decides the future that is imagined
 */
export function imagineProspect(
  model: ForwardModel,
  start: PlanStart,
  intent: Intent,
  { steps, shown }: { readonly steps: number; readonly shown: readonly number[] },
  rng: Rng,
): Prospect {
  const spec = pixelSpecs[model.config.pixels];
  const noise = drawNoise(model.config, { batch: 1, steps, dropout: false }, rng);
  const prospect = numbersOf(() => {
    const rollout = rollOut(model.imagine(start, steps, noise), steps, intent(start));
    const costs = worldCosts(spec, start, rollout.steps);
    const numbers = (x: tf.Tensor): Float32Array => x.dataSync() as Float32Array;
    return {
      states: onRoad(
        rollout.steps.map(({ state }) => numbers(state)),
        start,
      ),
      views: shown.map((step) => toBytes(numbers(viewOf(spec, rollout.steps[step - 1]!.scene)))),
      costs: mapWorldCosts(costs, (cost) => numbers(cost).slice()),
    };
  });
  disposeNoise(noise);
  return prospect;
}

/** States relative to the start → the same in road coordinates, one after the other. */
function onRoad(states: readonly Float32Array[], { frames }: PlanStart): Float32Array {
  const { x, y } = frames[0]!;
  const placed = new Float32Array(states.length * egoStateSize);
  states.forEach(([forward, left, heading, speed], t) =>
    placed.set([x + forward!, y + left!, heading!, speed!], t * egoStateSize),
  );
  return placed;
}

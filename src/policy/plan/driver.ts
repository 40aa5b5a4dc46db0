import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../../core/index.ts";
import type { Action, Driver, DriverSession, Scene } from "../../sim/index.ts";
import type { PolicyConfig } from "../config.ts";
import { boundActions } from "../network.ts";
import { createLookBack } from "./look-back.ts";
import { createPlanSearch, type Plan, type PlannerOptions } from "./search.ts";

/** An episode takes seconds, so that a large batch would keep one core busy long after the others are done. */
const batchSize = 16;

/**
 * Plans at every decision: sequences of actions are improved in sampled futures of the model, and the first action of each
 * is taken. The rest, moved on by a step, is where the next decision begins; a guide's actions are, where there is one.
 * @param heed is told at each decision what an ego plans, the action that is taken now included; borrowed
 * @throws InputError when the guide sees other pictures than the model, or has no measure of doubt where one is needed.
 */
export function createPlanner(
  options: PlannerOptions,
  heed: (ego: number, plan: Plan) => void = () => undefined,
): Driver {
  const { model, policy } = options;
  const search = createPlanSearch(options);

  const begin = (count: number, rng: Rng): DriverSession => {
    const lookBack = createLookBack(model.config, count);
    const plans = Array.from({ length: count }, search.fresh);
    let decision = 0;
    return {
      observe: (scenes) => lookBack.see(scenes),
      act(scenes, actions) {
        lookBack.see(scenes);
        const live = scenes.flatMap((scene, ego) => (scene === null ? [] : [ego]));
        for (let first = 0; first < live.length; first += search.egosAtOnce) {
          const egos = live.slice(first, first + search.egosAtOnce);
          const streams = egos.map((ego) => rng.fork(`ego ${ego} decision ${decision}`));
          const chosen = egos.map((ego) => plans[ego]!);
          search.improve(lookBack.startOf(egos), chosen, streams);
          takeFirst(chosen, egos, scenes, actions, policy);
          chosen.forEach((plan, b) => {
            heed(egos[b]!, plan);
            moveOn(plan);
          });
        }
        decision++;
      },
      dispose() {},
    };
  };
  const name = options.search === "cem" ? "cem" : "plan";
  return { name, decisionFrames: model.config.stepFrames, batchSize, begin };
}

/** Writes the first action of each plan, within its bounds at the ego's speed. */
function takeFirst(
  plans: readonly Plan[],
  egos: readonly number[],
  scenes: readonly (Scene | null)[],
  actions: readonly Action[],
  policy: PolicyConfig,
): void {
  const bounded = tf.tidy(() => {
    const raw = tf.tensor2d(plans.map(({ actions: [forward, sideways] }) => [forward!, sideways!]));
    const motion = tf.tensor2d(egos.map((ego) => [scenes[ego]!.ego.speed, scenes[ego]!.ego.heading]));
    return boundActions(raw, motion, policy).dataSync();
  });
  egos.forEach((ego, b) => {
    actions[ego]!.acceleration = bounded[2 * b]!;
    actions[ego]!.steering = bounded[2 * b + 1]!;
  });
}

/** A step has passed: plan and moments move on by a pair, and the new last action is zero. */
function moveOn({ actions, adam }: Plan): void {
  for (const values of [actions, adam.state.m, adam.state.v]) {
    values.copyWithin(0, 2);
    values.fill(0, values.length - 2);
  }
}

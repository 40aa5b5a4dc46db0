import * as tf from "@tensorflow/tfjs";
import { InputError, type Rng } from "../../core/index.ts";
import type { ForwardModel } from "../../forward-model/index.ts";
import type { Action, Driver, DriverSession, Scene } from "../../sim/index.ts";
import { createAdam, type Adam } from "../../tensor/index.ts";
import type { Policy } from "../checkpoint.ts";
import type { PolicyConfig } from "../config.ts";
import { boundActions } from "../network.ts";
import { refit } from "./cem.ts";
import type { PlannerConfig } from "./config.ts";
import { imagineFutures, judgeOf, type PlanObjective } from "./futures.ts";
import { descend } from "./gradient.ts";
import { guidedPlans } from "./guide.ts";
import { createLookBack, type PlanStart } from "./look-back.ts";

export interface PlannerOptions {
  readonly model: ForwardModel;
  readonly search: "gradient" | "cem";
  readonly config: PlannerConfig;
  /** What is wanted, and what a car may do: as for policies. */
  readonly policy: PolicyConfig;
  /** With whose actions plans begin, and whose measure of usual doubt counts; null: none. */
  readonly guide: Policy | null;
}

/** One ego's plan: T pairs, before their bounds, and what the optimizer remembers of them. */
interface Plan {
  actions: Float32Array;
  adam: Adam;
}

/** Windows that are imagined at once: more egos wait for the next round, else their tape would not fit a cache. */
const windowsAtOnce = 24;

/**
 * Plans at every decision: sequences of actions are improved in sampled futures of the model, and the first action of each
 * is taken. The rest, moved on by a step, is where the next decision begins; a guide's actions are, where there is one.
 * @throws InputError when the guide sees other pictures than the model, or has no measure of doubt where one is needed.
 */
export function createPlanner(options: PlannerOptions): Driver {
  const { model, search, config, policy, guide } = options;
  const objective = objectiveOf(options);
  const size = 2 * config.horizonSteps;
  const fresh = (): Adam => createAdam(size, { learningRate: config.gradient.learningRate });
  const copies = search === "cem" ? config.cem.candidates : 1;
  const worlds = config.samples * (1 + config.masks);
  const egosAtOnce = Math.max(1, Math.floor(windowsAtOnce / (worlds * copies)));

  /** Improves the plans of some egos. */
  const improve = (start: PlanStart, plans: readonly Plan[], rngs: readonly Rng[]): void => {
    const futures = imagineFutures(
      model,
      start,
      config,
      rngs.map((rng) => rng.fork("futures")),
    );
    if (guide !== null) {
      guidedPlans(guide.network, start, futures, policy).forEach((actions, b) => {
        plans[b]!.actions = actions;
      });
    }
    if (!config.gradient.keepMoments) for (const plan of plans) plan.adam = fresh();
    const judge = judgeOf(futures, copies, objective);
    const actions = plans.map((plan) => plan.actions);
    if (search === "cem") refit(judge, actions, rngs, config.cem);
    else {
      const adams = plans.map(({ adam }) => adam);
      descend(judge, actions, adams, config.gradient);
    }
    futures.dispose();
  };

  const begin = (count: number, rng: Rng): DriverSession => {
    const lookBack = createLookBack(model.config, count);
    const plans = Array.from({ length: count }, (): Plan => ({
      actions: new Float32Array(size),
      adam: fresh(),
    }));
    let decision = 0;
    return {
      observe: (scenes) => lookBack.see(scenes),
      act(scenes, actions) {
        lookBack.see(scenes);
        const live = scenes.flatMap((scene, ego) => (scene === null ? [] : [ego]));
        for (let first = 0; first < live.length; first += egosAtOnce) {
          const egos = live.slice(first, first + egosAtOnce);
          const streams = egos.map((ego) => rng.fork(`ego ${ego} decision ${decision}`));
          const chosen = egos.map((ego) => plans[ego]!);
          improve(lookBack.startOf(egos), chosen, streams);
          takeFirst(chosen, egos, scenes, actions, policy);
          chosen.forEach(moveOn);
        }
        decision++;
      },
      dispose() {},
    };
  };
  const name = search === "cem" ? "cem" : "plan";
  return { name, decisionFrames: model.config.stepFrames, begin };
}

function objectiveOf({ model, config, policy, guide }: PlannerOptions): PlanObjective {
  const { pixels, contextFrames, stepFrames } = model.config;
  if (guide !== null) {
    const { view } = guide;
    if (view.pixels !== pixels || view.contextFrames !== contextFrames || view.stepFrames !== stepFrames) {
      throw new InputError(
        `planner.guide: expected a policy that sees ${contextFrames} ${pixels} pixel states ${stepFrames} frames apart ` +
          `as the model does, got ${view.contextFrames} ${view.pixels} ones ${view.stepFrames} frames apart.`,
      );
    }
  }
  const calibration = guide?.calibration ?? null;
  if (config.masks > 0 && calibration?.mean.length !== config.horizonSteps) {
    throw new InputError(
      `planner.masks: expected a planner.guide whose usual doubt is known for ${config.horizonSteps} steps, ` +
        `got ${calibration === null ? "none" : `${calibration.mean.length} steps`}.`,
    );
  }
  return { ...policy, hinge: policy.uncertainty.hinge, calibration };
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

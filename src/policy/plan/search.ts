import * as tf from "@tensorflow/tfjs";
import { InputError, type Rng } from "../../core/index.ts";
import { egoStateColumns, type Act, type ForwardModel } from "../../forward-model/index.ts";
import type { Adam } from "../../tensor/index.ts";
import type { Policy } from "../checkpoint.ts";
import type { PolicyConfig } from "../config.ts";
import { boundAccelerations, steerWith, type ActionBounds } from "../network.ts";
import { expectSameSight } from "../sight.ts";
import { refit } from "./cem.ts";
import type { PlannerConfig } from "./config.ts";
import { imagineFutures, judgeOf, pricesOf, type PlanObjective } from "./futures.ts";
import { adamOfPlan, descend } from "./gradient.ts";
import { guidedPlans } from "./guide.ts";
import type { PlanStart } from "./look-back.ts";

export interface PlannerOptions {
  readonly model: ForwardModel;
  readonly search: "gradient" | "cem";
  readonly config: PlannerConfig;
  /** What a car may do, and by when it matters: as for policies. */
  readonly policy: PolicyConfig;
  /** With whose actions plans begin, and whose measure of usual doubt counts; null: none. */
  readonly guide: Policy | null;
}

/** One ego's plan: T pairs, before their bounds, and what the optimizer remembers of them. */
export interface Plan {
  actions: Float32Array;
  adam: Adam;
}

/** Improves sequences of actions in sampled futures of a model. */
export interface PlanSearch {
  /** As many egos as go into one call of `improve`. */
  readonly egosAtOnce: number;
  /** A plan that does nothing. */
  fresh(): Plan;
  /** @param rngs one stream per ego, so that its plan does not depend on who else plans */
  improve(start: PlanStart, plans: readonly Plan[], rngs: readonly Rng[]): void;
}

/** Windows that are imagined at once: more egos wait for the next round, else their tape would not fit a cache. */
const windowsAtOnce = 24;

/** @throws InputError when the guide sees other pictures than the model, or has no measure of doubt where one is needed. */
export function createPlanSearch(options: PlannerOptions): PlanSearch {
  const { model, search, config, policy, guide } = options;
  const objective = objectiveOf(options);
  const size = 2 * config.horizonSteps;
  const freshAdam = (): Adam => adamOfPlan(size, config.gradient);
  const copies = search === "cem" ? config.cem.candidates : 1;
  const worlds = config.samples * (1 + config.masks);
  return {
    egosAtOnce: Math.max(1, Math.floor(windowsAtOnce / (worlds * copies))),
    fresh: () => ({ actions: new Float32Array(size), adam: freshAdam() }),
    improve(start, plans, rngs) {
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
      if (!config.gradient.keepMoments) for (const plan of plans) plan.adam = freshAdam();
      const judge = judgeOf(futures, copies, objective);
      const actions = plans.map((plan) => plan.actions);
      if (search === "cem") refit(judge, actions, rngs, config.cem);
      else {
        const adams = plans.map(({ adam }) => adam);
        descend(judge, actions, adams, config.gradient);
      }
      futures.dispose();
    },
  };
}

/** Plans as the ones who act in an imagination: each action steers as the ego's speed of then asks for. */
export function actsOfPlans(plans: readonly Pick<Plan, "actions">[], bounds: ActionBounds): Act {
  return ({ states }, t) => {
    const raw = tf.tensor2d(
      plans.map(({ actions }) => {
        if (2 * t >= actions.length) throw new Error(`expected a step below ${actions.length / 2}, got ${t}`);
        return [actions[2 * t]!, actions[2 * t + 1]!];
      }),
    );
    return steerWith(boundAccelerations(raw, bounds), states.at(-1)!, egoStateColumns.speed);
  };
}

function objectiveOf({ model, config, policy, guide }: PlannerOptions): PlanObjective {
  if (guide !== null) expectSameSight("planner.guide", guide.view, model.config);
  const usual = guide?.calibration ? { calibration: guide.calibration, prices: guide.config } : null;
  if (config.masks > 0) {
    for (const name of policy.uncertainty.of) {
      const known = usual?.calibration[name]?.mean.length ?? 0;
      if (known === config.horizonSteps) continue;
      throw new InputError(
        `planner.masks: expected a planner.guide whose usual variance of ${name} is known for ${config.horizonSteps} steps, ` +
          `got ${known === 0 ? "none" : `${known} steps`}.`,
      );
    }
  }
  return { ...policy, ...pricesOf(config), usual };
}

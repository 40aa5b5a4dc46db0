import type { ForwardModel } from "../../forward-model/index.ts";
import {
  createPlanner,
  createPolicyDriver,
  heldIntent,
  planIntent,
  PlannerConfig,
  PolicyConfig,
  policyIntent,
  type Intent,
  type Policy,
  type ViewConfig,
} from "../../policy/index.ts";
import { createUnbentDriver, type Action, type Driver } from "../../sim/index.ts";
import { imaginedSteps } from "./imaginer.ts";

/** A driver with what is known of how it goes on. */
export interface Mind {
  readonly driver: Driver;
  /** The pictures that it acts by when it imagines; null: it needs none. */
  readonly sees: ViewConfig | null;
  /** How it goes on from what it decided just now, the bend of the road taken out. */
  intent(decided: Readonly<Action>): Intent;
}

/** A policy; what it learned from was straight, so it is shown bends unrolled. */
export function mindOfPolicy(policy: Policy): Mind {
  const intent = policyIntent(policy);
  return {
    driver: createUnbentDriver(createPolicyDriver(policy)),
    sees: policy.view,
    intent: () => intent,
  };
}

/**
 * A planner whose plans begin with what `guide` would do, and reach as far as is imagined; bends are unrolled for it as for
 * policies.
 */
export function mindOfPlanner(model: ForwardModel, guide: Policy): Mind {
  const policy = PolicyConfig.parse({});
  const config = PlannerConfig.parse({ horizonSteps: Math.max(...imaginedSteps(model.config)) });
  let latest = { actions: new Float32Array(0) };
  const planner = createPlanner({ model, search: "gradient", config, policy, guide }, (ego, { actions }) => {
    // The others are copies.
    if (ego === 0) latest = { actions: actions.slice() };
  });
  return { driver: createUnbentDriver(planner), sees: null, intent: () => planIntent(latest, policy) };
}

/** A driver by rule or record, which needs more than pictures: all that is known is its present action. */
export function mindOfRule(driver: Driver): Mind {
  return { driver, sees: null, intent: heldIntent };
}

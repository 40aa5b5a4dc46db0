import {
  foreseenDriver,
  foreseenHuman,
  foreseenPlan,
  foreseenPolicy,
  type Foreseen,
} from "../../examination/index.ts";
import type { ForwardModel } from "../../forward-model/index.ts";
import { fileOfPolicy, openPolicy, ruleNamed } from "../drivers.ts";
import type { BackendChoice } from "../options.ts";
import { plannerOptions, planners, type PlanningConfig } from "../planners.ts";

/**
 * The driver that a user names, as one who looks ahead in `model`; planners plan in that model, over `steps` steps.
 * @throws InputError when it is none, or sees other pictures than the model gives
 */
export async function openForeseen(
  name: string,
  backend: BackendChoice,
  { planner, policy }: PlanningConfig,
  model: ForwardModel,
  steps: number,
): Promise<Foreseen> {
  if (name === foreseenHuman.name) return foreseenHuman;
  const rule = ruleNamed(name);
  if (rule !== undefined) return foreseenDriver(name, rule);
  const kind = planners.find((known) => known === name);
  if (kind === undefined) return foreseenPolicy(name, await openPolicy(name, backend), model);
  const planning = { planner: { ...planner, horizonSteps: steps }, policy };
  return foreseenPlan(name, plannerOptions(kind, model, planning, fileOfPolicy));
}

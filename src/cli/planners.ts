import { loadForwardModel, type ForwardModel } from "../forward-model/index.ts";
import { createPlanner, loadPolicy, type PlannerOptions, type Policy } from "../policy/index.ts";
import type { Driver } from "../sim/index.ts";
import { startBackend } from "./backend.ts";
import type { Config } from "./configuration.ts";
import { readFile } from "./files.ts";
import type { BackendChoice } from "./options.ts";
import { shippedModel } from "./places.ts";

/** Names of drivers that plan with a model while they drive: `plan:FILE` with that one, `plan` with the shipped one. */
export const planners = ["plan", "cem"] as const;

/** What of the configuration a planner needs. */
export type PlanningConfig = Pick<Config, "planner" | "policy">;

/** How a planner that a user names plans, and the file of the model that it plans with; undefined for other names. */
export function plannerNamed(
  name: string,
): { readonly kind: (typeof planners)[number]; readonly file: string } | undefined {
  const kind = planners.find((known) => name === known || name.startsWith(`${known}:`));
  return kind && { kind, file: name === kind ? shippedModel : name.slice(kind.length + 1) };
}

/**
 * The planner that a user names, or undefined where the name is of another kind.
 * @param fileOfPolicy where the guide is found by its name
 * @throws InputError for a file that is missing or no model, and for a guide that does not go with it
 */
export async function openPlanner(
  name: string,
  backend: BackendChoice,
  { planner, policy }: PlanningConfig,
  fileOfPolicy: (name: string) => string,
): Promise<Driver | undefined> {
  const named = plannerNamed(name);
  if (named === undefined) return undefined;
  const { kind, file } = named;
  const bytes = readFile(file, "a forward model");
  await startBackend(backend);
  const model = loadForwardModel(bytes, file);
  return createPlanner(plannerOptions(kind, model, { planner, policy }, fileOfPolicy));
}

/** How a planner of that kind plans in `model`; the guide is loaded. */
export function plannerOptions(
  kind: (typeof planners)[number],
  model: ForwardModel,
  { planner, policy }: PlanningConfig,
  fileOfPolicy: (name: string) => string,
): PlannerOptions {
  let guide: Policy | null = null;
  if (planner.guide !== null) {
    const guideFile = fileOfPolicy(planner.guide);
    guide = loadPolicy(readFile(guideFile, "a trained policy"), guideFile);
  }
  return { model, search: kind === "cem" ? "cem" : "gradient", config: planner, policy, guide };
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../core/index.ts";
import { createPolicyDriver, loadPolicy } from "../policy/index.ts";
import {
  createConstantDriver,
  createIdmDriver,
  createRandomDriver,
  createRecordedDriver,
  createUnbentDriver,
  type Driver,
} from "../sim/index.ts";
import { initializeBackend } from "../tensor/index.ts";
import { Config } from "./configuration.ts";
import { readFile } from "./files.ts";
import type { BackendChoice } from "./options.ts";
import { projectRoot } from "./places.ts";
import { openPlanner, planners, type PlanningConfig } from "./planners.ts";

/** Drivers that follow a rule or a record. */
export const ruleDrivers: { readonly [name: string]: () => Driver } = {
  human: createRecordedDriver,
  none: () => createConstantDriver("none", { acceleration: 0, steering: 0 }),
  random: createRandomDriver,
  idm: createIdmDriver,
};

/** Other names of the same. */
const aliases: { readonly [name: string]: string } = { "constant-velocity": "none" };

/** Names under which trained policies ship, the one that learned inside a model first. */
export const shippedPolicies = ["policy", "imitation", "log-replay"];

/** The file of a shipped policy, or undefined where it does not ship. */
export function shippedPolicyFile(name: string): string | undefined {
  const file = join(projectRoot, "data/pretrained", `${name}.headway`);
  return shippedPolicies.includes(name) && existsSync(file) ? file : undefined;
}

/** Every driver that needs no file of the user's. */
export function knownDrivers(): string[] {
  return [
    ...Object.keys(ruleDrivers),
    ...shippedPolicies.filter((name) => shippedPolicyFile(name) !== undefined),
  ];
}

/** Before a driver's name: it is shown bent roads unrolled, see `createUnbentDriver`. */
const unbentPrefix = "unbent:";

/**
 * The driver that a user names: a rule, a planner, a shipped policy, or the file of a trained one; `unbent:` before it
 * lets it see bent roads unrolled.
 * @throws InputError when it is none of these, or a file that is not what was expected.
 */
export async function openDriver(
  name: string,
  backend: BackendChoice,
  planning: PlanningConfig = Config.parse({}),
): Promise<Driver> {
  if (name.startsWith(unbentPrefix)) {
    return createUnbentDriver(await openDriver(name.slice(unbentPrefix.length), backend, planning));
  }
  const rule = ruleDrivers[aliases[name] ?? name];
  if (rule !== undefined) return rule();
  const fileOfPolicy = (policy: string): string => shippedPolicyFile(policy) ?? policy;
  const planner = await openPlanner(name, backend, planning, fileOfPolicy);
  if (planner !== undefined) return planner;
  const shipped = shippedPolicyFile(name);
  if (shipped === undefined && !/[./\\]/.test(name)) {
    throw new InputError(
      `--driver: expected ${knownDrivers().join(", ")} ${planners.join(", ")} or the file of a trained policy, got ${name}.`,
    );
  }
  const file = shipped ?? name;
  const bytes = readFile(file, "a trained policy");
  await initializeBackend(backend);
  return createPolicyDriver(loadPolicy(bytes, file));
}

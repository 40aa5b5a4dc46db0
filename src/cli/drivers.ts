import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../core/index.ts";
import { createPolicyDriver, loadPolicy, type Policy } from "../policy/index.ts";
import {
  createConstantDriver,
  createIdmDriver,
  createRandomDriver,
  createRecordedDriver,
  createUnbentDriver,
  type Driver,
} from "../sim/index.ts";
import { startBackend } from "./backend.ts";
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
export const unbentPrefix = "unbent:";

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
  const rule = ruleNamed(name);
  if (rule !== undefined) return rule;
  const planner = await openPlanner(name, backend, planning, fileOfPolicy);
  if (planner !== undefined) return planner;
  return createPolicyDriver(await openPolicy(name, backend));
}

/** The driver of that name that follows a rule or a record, or undefined. */
export const ruleNamed = (name: string): Driver | undefined => ruleDrivers[aliases[name] ?? name]?.();

/** The file of a policy that ships under that name, or else is the name. */
export const fileOfPolicy = (name: string): string => shippedPolicyFile(name) ?? name;

/**
 * The policy that a user names: a shipped one, or the file of one.
 * @throws InputError when it is neither
 */
export async function openPolicy(name: string, backend: BackendChoice): Promise<Policy> {
  const shipped = shippedPolicyFile(name);
  if (shipped === undefined && !/[./\\]/.test(name)) {
    throw new InputError(
      `expected a driver (${[...knownDrivers(), ...planners].join(", ")}) or the file of a trained policy, got ${name}.`,
    );
  }
  const file = shipped ?? name;
  const bytes = readFile(file, "a trained policy");
  await startBackend(backend);
  return loadPolicy(bytes, file);
}

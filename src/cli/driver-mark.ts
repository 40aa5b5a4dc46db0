import { crc32 } from "../core/index.ts";
import { fileOfPolicy, ruleNamed, unbentPrefix } from "./drivers.ts";
import { readFile } from "./files.ts";
import { plannerNamed, type PlanningConfig } from "./planners.ts";

/**
 * What tells a driver from what had its name before: of a rule the name; of others also what makes them what they are, their files,
 * and how planners plan.
 * @throws InputError for a file that is not there
 */
export function driverMark(name: string, { planner, policy }: PlanningConfig): string {
  if (name.startsWith(unbentPrefix)) {
    return unbentPrefix + driverMark(name.slice(unbentPrefix.length), { planner, policy });
  }
  if (ruleNamed(name) !== undefined) return name;
  const plan = plannerNamed(name);
  if (plan === undefined) return `${name}-${markOfFile(fileOfPolicy(name))}`;
  const settings = new TextEncoder().encode(JSON.stringify([planner, policy]));
  const files = planner.guide === null ? [plan.file] : [plan.file, fileOfPolicy(planner.guide)];
  return [name, crc32(settings).toString(16), ...files.map(markOfFile)].join("-");
}

const markOfFile = (file: string): string => crc32(readFile(file, "a driver's file")).toString(16);

import { InputError } from "../core/index.ts";
import type { Policy } from "./checkpoint.ts";
import type { PolicyNetwork } from "./network.ts";

/**
 * Copies all parameters of `teacher`: what it has learned is where a policy begins.
 * @param where names the teacher's file in messages
 * @throws InputError when the two are not of one shape
 */
export function warmStartPolicy({ parameters }: PolicyNetwork, teacher: Policy, where: string): void {
  const known = teacher.network.parameters.variables;
  for (const [name, variable] of Object.entries(parameters.variables)) {
    const [wanted, got] = [variable.shape.join(" × "), known[name]?.shape.join(" × ") ?? "none"];
    if (wanted === got) continue;
    throw new InputError(
      `${where}: expected a policy with ${name} of ${wanted} to start from, got ${got}; channels, hidden, head and the model's view must agree.`,
    );
  }
  for (const [name, variable] of Object.entries(parameters.variables)) variable.assign(known[name]!);
}

import { InputError } from "../core/index.ts";
import type { ForwardModel } from "./model.ts";

/**
 * Copies from `teacher` every variable that `model` has as well, by name and shape: what a deterministic model has
 * learned is where one with a latent begins.
 * @param where names the teacher's file in messages
 * @throws InputError when the two are not of one family, network, grid and context
 */
export function warmStart(model: ForwardModel, teacher: ForwardModel, where: string): void {
  for (const key of ["family", "network", "pixels", "contextFrames", "stepFrames"] as const) {
    if (model.config[key] === teacher.config[key]) continue;
    throw new InputError(
      `${where}: expected a model with ${key} ${model.config[key]} to start from, got ${teacher.config[key]}.`,
    );
  }
  for (const [name, variable] of Object.entries(model.parameters.variables)) {
    const known = teacher.parameters.variables[name];
    if (known !== undefined && known.shape.join() === variable.shape.join()) variable.assign(known);
  }
}

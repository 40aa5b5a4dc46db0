import { InputError } from "../core/index.ts";
import type { ViewConfig } from "./network.ts";

/**
 * Makes sure that a policy can act by what a model imagines.
 * @param who names the policy in the message
 * @throws InputError when it sees other pictures than the model gives
 */
export function expectSameSight(who: string, view: ViewConfig, model: ViewConfig): void {
  const { pixels, contextFrames, stepFrames } = model;
  if (view.pixels === pixels && view.contextFrames === contextFrames && view.stepFrames === stepFrames)
    return;
  throw new InputError(
    `${who}: expected a policy that sees ${contextFrames} ${pixels} pixel states ${stepFrames} frames apart ` +
      `as the model does, got ${view.contextFrames} ${view.pixels} ones ${view.stepFrames} frames apart.`,
  );
}

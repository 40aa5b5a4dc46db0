import { InputError } from "../core/index.ts";
import { createWindowSampler, type SplitName, type WindowSampler } from "../episodes/index.ts";
import { wayShape, type ForwardModelConfig } from "../forward-model/index.ts";
import { pixelSpecs } from "../sim/index.ts";
import type { Config } from "./configuration.ts";
import type { HeldOutOptions } from "./options.ts";
import { namedRecordings } from "./training-data.ts";
import { marginOf, sourcesOf } from "./training/model-task.ts";

/** What a model is examined on. */
export interface Examined {
  /** As the user named them, or as the configuration does. */
  readonly places: readonly string[];
  /** Names of the recordings. */
  readonly names: readonly string[];
  readonly heldOut: WindowSampler;
  /** The stretch that a model may have learned from; null where it holds no window. */
  readonly training: WindowSampler | null;
}

/**
 * Windows with `steps` steps after "now" of the traffic that a user named.
 * @throws InputError when the split that was asked for holds none
 */
export function examinedWindows(
  options: HeldOutOptions,
  { seed, traffic }: Config,
  model: ForwardModelConfig,
  steps: number,
): Examined {
  const places = options.data ?? [...traffic.scenarios, ...traffic.recordings];
  const generated = { ...traffic, minutes: options.minutes ?? traffic.minutes };
  const data = namedRecordings(places, generated, seed).map((recording) => ({ recording, weight: 1 }));
  const needs = { ...wayShape(model, steps), margin: marginOf(model.pixels) };
  const samplerOf = (split: SplitName): WindowSampler | null => {
    const sampler = createWindowSampler(sourcesOf(data, split), needs, pixelSpecs[model.pixels]);
    return sampler.counts.some((count) => count > 0) ? sampler : null;
  };
  const heldOut = samplerOf(options.split);
  if (heldOut === null) {
    throw new InputError(
      `${places.join(", ")}: expected windows with ${steps} steps to come in the ${options.split} split, got none.`,
    );
  }
  return {
    places,
    names: data.map(({ recording }) => recording.name),
    heldOut,
    training: samplerOf("train"),
  };
}

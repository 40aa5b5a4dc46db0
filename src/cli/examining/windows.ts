import { InputError } from "../../core/index.ts";
import {
  createWindowSampler,
  type Recording,
  type SplitName,
  type WindowSampler,
} from "../../episodes/index.ts";
import type { CheckUpSamplers } from "../../examination/index.ts";
import { wayShape, type ForwardModelConfig } from "../../forward-model/index.ts";
import { pixelSpecs } from "../../sim/index.ts";
import type { Config } from "../configuration.ts";
import type { HeldOutOptions } from "../options.ts";
import { namedRecordings } from "../training-data.ts";
import { marginOf, sourcesOf } from "../training/model-task.ts";

/** What a model is examined on, in plain data that travels to a thread. */
export interface ExaminedTraffic {
  /** As the user named them, or as the configuration does. */
  readonly places: readonly string[];
  readonly recordings: readonly Recording[];
  /** The stretch that the model did not learn from. */
  readonly split: SplitName;
}

/** The traffic that a user named. @throws InputError for a place that has none */
export function examinedTraffic(
  { data, minutes, split }: HeldOutOptions,
  { seed, traffic }: Config,
): ExaminedTraffic {
  const places = data ?? [...traffic.scenarios, ...traffic.recordings];
  const generated = { ...traffic, minutes: minutes ?? traffic.minutes };
  return { places, recordings: namedRecordings(places, generated, seed), split };
}

/**
 * Windows of that traffic with `steps` steps after "now": held-out ones, and those that a model may have learned from,
 * null where there is none.
 * @throws InputError when the split that was asked for holds none
 */
export function examinedWindows(
  { places, recordings, split }: ExaminedTraffic,
  model: ForwardModelConfig,
  steps: number,
): CheckUpSamplers {
  const data = recordings.map((recording) => ({ recording, weight: 1 }));
  const needs = { ...wayShape(model, steps), margin: marginOf(model.pixels) };
  const samplerOf = (split: SplitName): WindowSampler | null => {
    const sampler = createWindowSampler(sourcesOf(data, split), needs, pixelSpecs[model.pixels]);
    return sampler.counts.some((count) => count > 0) ? sampler : null;
  };
  const heldOut = samplerOf(split);
  if (heldOut === null) {
    throw new InputError(
      `${places.join(", ")}: expected windows with ${steps} steps to come in the ${split} split, got none.`,
    );
  }
  return { heldOut, training: samplerOf("train") };
}

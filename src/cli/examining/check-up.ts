import { createRng } from "../../core/index.ts";
import {
  type CheckUpOptions,
  createExaminer,
  type Examiner,
  horizons,
  stepsIn,
} from "../../examination/index.ts";
import type { ForwardModel } from "../../forward-model/index.ts";
import type { ModelFile } from "./model.ts";
import { type ExaminedTraffic, examinedWindows } from "./windows.ts";

/** A check-up, in plain data that travels to a thread. */
export interface CheckUpPlan extends Omit<CheckUpOptions, "rng"> {
  readonly file: ModelFile;
  readonly traffic: ExaminedTraffic;
  readonly seed: number;
}

/** @throws InputError where the traffic holds no windows */
export function openCheckUp(model: ForwardModel, plan: CheckUpPlan): Examiner {
  const { traffic, seed } = plan;
  const samplers = examinedWindows(traffic, model.config, stepsIn(horizons.openLoop, model.config));
  return createExaminer(model, samplers, {
    ...plan,
    rng: createRng(seed).fork(`check-up/${traffic.split}`),
  });
}

/** What all questions about one window take at least [s of a core]. */
const windowSeconds = 0.5;
export const checkUpSeconds = ({ windows }: CheckUpPlan): number => windows * windowSeconds;

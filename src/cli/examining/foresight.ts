import { createRng, InputError, type Rng } from "../../core/index.ts";
import { createForeseer, type Foreseen, type Foreseer } from "../../examination/index.ts";
import type { ForwardModel } from "../../forward-model/index.ts";
import type { PlanningConfig } from "../planners.ts";
import { openForeseen } from "./foreseen.ts";
import type { ModelFile } from "./model.ts";
import { type ExaminedTraffic, examinedWindows } from "./windows.ts";

/** What drivers are to foresee in a model, in plain data that travels to a thread. */
export interface ForesightPlan {
  readonly file: ModelFile;
  readonly traffic: ExaminedTraffic;
  /** As the user named them. */
  readonly drivers: readonly string[];
  readonly planning: PlanningConfig;
  readonly windows: number;
  readonly steps: number;
  readonly masks: number;
  readonly seed: number;
}

/** @throws InputError for a driver that is none, or sees other pictures than the model gives */
export async function openDrivers(
  model: ForwardModel,
  { drivers, file, planning, steps }: Pick<ForesightPlan, "drivers" | "file" | "planning" | "steps">,
): Promise<Foreseen[]> {
  const opened: Foreseen[] = [];
  for (const name of drivers) opened.push(await openForeseen(name, file.backend, planning, model, steps));
  return opened;
}

export const foresightRng = ({ seed, traffic }: ForesightPlan): Rng =>
  createRng(seed).fork(`foresee/${traffic.split}`);

/** @throws InputError where the traffic holds no windows */
export function openForesight(
  model: ForwardModel,
  drivers: readonly Foreseen[],
  plan: ForesightPlan,
): Foreseer {
  const { traffic, windows, steps, masks } = plan;
  const { weights, proximity, uncertainty } = plan.planning.policy;
  const { heldOut, training } = examinedWindows(traffic, model.config, steps);
  if (training === null) {
    throw new InputError(
      `${traffic.places.join(", ")}: expected windows with ${steps} steps to come in the train split, to tell which doubt is usual, got none.`,
    );
  }
  return createForeseer(model, { training, heldOut }, drivers, {
    windows,
    usualWindows: uncertainty.calibrationWindows,
    steps,
    masks,
    weights,
    proximity,
    rng: foresightRng(plan),
  });
}

/** What a driver takes at least to look ahead from a window [s of a core]. */
const lookSeconds = 0.1;
export const foresightSeconds = ({ planning, windows, drivers }: ForesightPlan): number =>
  lookSeconds * (planning.policy.uncertainty.calibrationWindows + windows * drivers.length);

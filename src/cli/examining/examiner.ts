import { createRng } from "../../core/index.ts";
import { createExaminer, type Examiner, horizons, stepsIn } from "../../examination/index.ts";
import { type ForwardModel, loadForwardModel } from "../../forward-model/index.ts";
import { startBackend } from "../backend.ts";
import { type ExaminedTraffic, examinedWindows } from "../examined-windows.ts";
import type { BackendChoice } from "../options.ts";

/** A check-up, in plain data that travels to a thread. */
export interface CheckUpPlan {
  /** Bytes of a forward model, and the file they are of. */
  readonly bytes: Uint8Array;
  readonly checkpoint: string;
  readonly backend: BackendChoice;
  readonly traffic: ExaminedTraffic;
  readonly windows: number;
  readonly samples: number;
  readonly masks: number;
  readonly seed: number;
}

/** The model of a plan, on the backend that it names. @throws InputError when it is none */
export async function openExaminedModel({
  bytes,
  checkpoint,
  backend,
}: Pick<CheckUpPlan, "bytes" | "checkpoint" | "backend">): Promise<ForwardModel> {
  await startBackend(backend);
  return loadForwardModel(bytes, checkpoint);
}

/** @throws InputError where the traffic holds no windows */
export function examinerOf(model: ForwardModel, { traffic, seed, ...plan }: CheckUpPlan): Examiner {
  const samplers = examinedWindows(traffic, model.config, stepsIn(horizons.openLoop, model.config));
  return createExaminer(model, samplers, {
    windows: plan.windows,
    samples: plan.samples,
    masks: plan.masks,
    rng: createRng(seed).fork(`check-up/${traffic.split}`),
  });
}

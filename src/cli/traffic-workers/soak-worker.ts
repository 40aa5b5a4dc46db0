import { createRng } from "../../core/index.ts";
import { soak, type SoakRow } from "../../realism/index.ts";
import { scenarios } from "../../sim/index.ts";
import { answerTasks } from "../worker-pool.ts";

/** One drive of one scenario. */
export interface SoakTask {
  readonly scenario: string;
  readonly vehicleSeconds: number;
  readonly seed: number;
  /** Which drive of this scenario: each has a stream of its own. */
  readonly drive: number;
}

answerTasks<SoakTask, SoakRow>(({ scenario, vehicleSeconds, seed, drive }) =>
  soak(scenarios[scenario], vehicleSeconds, createRng(seed).fork(`soak/${scenario}/${drive}`)),
);

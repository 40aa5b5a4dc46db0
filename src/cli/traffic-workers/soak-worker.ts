import { createRng } from "../../core/index.ts";
import { soak, type SoakRow } from "../../realism/index.ts";
import {
  defaultPopulation,
  type PopulationName,
  populations,
  scenarios,
  withPeople,
} from "../../sim/index.ts";
import { answerTasks } from "../worker-pool.ts";

/** One drive of one scenario. */
export interface SoakTask {
  readonly scenario: string;
  /** Whose; undefined: those of the scenario. */
  readonly population: PopulationName | undefined;
  readonly vehicleSeconds: number;
  readonly seed: number;
  /** Which drive of this scenario: each has a stream of its own. */
  readonly drive: number;
}

answerTasks<SoakTask, SoakRow>(({ scenario, population, vehicleSeconds, seed, drive }) => {
  const people = population === undefined ? defaultPopulation : populations[population];
  const rng = createRng(seed).fork(`soak/${scenario}/${drive}`);
  return soak(withPeople(scenarios[scenario], people), vehicleSeconds, rng);
});

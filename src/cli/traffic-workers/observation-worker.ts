import { createRng } from "../../core/index.ts";
import { generateBeside, type SideBySide } from "../../realism/index.ts";
import { type PopulationName, populations } from "../../sim/index.ts";
import { shippedParts } from "../real-traffic.ts";
import { answerTasks } from "../worker-pool.ts";

/** Which part of the real traffic, which people, how much generated traffic, and the root of its randomness. */
export interface ObservationTask {
  /** Index into `shippedParts()`. */
  readonly part: number;
  readonly population: PopulationName;
  /** Seconds of generated traffic per second of real traffic. */
  readonly factor: number;
  readonly seed: number;
}

const parts = shippedParts();

answerTasks<ObservationTask, SideBySide>(({ part, population, factor, seed }) =>
  generateBeside(parts[part], populations[population], factor, createRng(seed).fork(`realism/${part}`)),
);

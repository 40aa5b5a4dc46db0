import type { Rng } from "../core/index.ts";
import type { DriverPopulation } from "../sim/index.ts";
import { type Matched, matchSpeed, regimeOf } from "./matched.ts";
import { observe, type Observation, type ObservedPart } from "./observe.ts";

/** Real traffic, and generated traffic in its circumstances. */
export interface SideBySide extends Matched {
  readonly real: Observation;
}

const warmUpSeconds = 90;
/** The least that is generated, however short the clip [s]. */
const leastSeconds = 60;

/** @param factor seconds of generated traffic per second of real traffic. */
export function generateBeside(
  part: ObservedPart,
  population: DriverPopulation,
  factor: number,
  rng: Rng,
): SideBySide {
  const real = observe(part);
  const seconds = (part.range.endFrame - part.range.firstFrame) * part.recording.dt * factor;
  const amount = { warmUpSeconds, seconds: Math.max(leastSeconds, seconds) };
  return { real, ...matchSpeed(regimeOf(real, part.mainLanes), real, population, amount, rng) };
}

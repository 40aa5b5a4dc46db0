import type { Rng } from "../core/index.ts";
import type { DriverPopulation } from "../sim/index.ts";
import { matchSpeed, observeGenerated, type Regime, regimeOf } from "./matched.ts";
import { observe, type Observation, type ObservedPart } from "./observe.ts";

/** Real traffic, and generated traffic in its circumstances. */
export interface SideBySide {
  readonly real: Observation;
  readonly generated: Observation;
  readonly regime: Regime;
}

const warmUpSeconds = 60;
/** Driven to find the limits that give the real speeds [s]. */
const matchingSeconds = 60;

/** @param factor seconds of generated traffic per second of real traffic. */
export function generateBeside(
  part: ObservedPart,
  population: DriverPopulation,
  factor: number,
  rng: Rng,
): SideBySide {
  const real = observe(part);
  const matching = { warmUpSeconds, seconds: matchingSeconds };
  const regime = matchSpeed(regimeOf(real, part.mainLanes), real, population, matching, rng.fork("match"));
  const seconds = (part.range.endFrame - part.range.firstFrame) * part.recording.dt * factor;
  return {
    real,
    regime,
    generated: observeGenerated(regime, population, { warmUpSeconds, seconds }, rng.fork("generate")),
  };
}

import type { Rng } from "../core/index.ts";
import type { DriverPopulation } from "./population.ts";
import { turns, type Fleet } from "./fleet.ts";

/** A uniform number of mean 0 and deviation 1: filtered over many draws it is as good as a normal one. */
const noise = (rng: Rng): number => (2 * rng.uniform() - 1) * Math.sqrt(3);

/** Lets the errors of a driver drift and its attention lapse. */
export interface Perception {
  refresh(fleet: Fleet, i: number, time: number): void;
  /** Draws the errors of a driver who has just appeared from what they are in the long run. */
  begin(fleet: Fleet, i: number): void;
}

/**
 * Errors are Ornstein-Uhlenbeck processes: e ← e·exp(−Δt/memory) + deviation·√(1 − exp(−2Δt/memory))·noise.
 */
export function createPerception(population: DriverPopulation, dt: number, rng: Rng): Perception {
  const elapsed = (turns / 2) * dt;
  const keptPerception = Math.exp(-elapsed / population.perceptionMemory);
  const keptFoot = Math.exp(-elapsed / population.accelerationMemory);
  const freshPerception = Math.sqrt(1 - keptPerception * keptPerception);
  const freshFoot = population.accelerationNoise * Math.sqrt(1 - keptFoot * keptFoot);
  const lapseChance = population.lapseRate * elapsed;
  const [shortest, longest] = population.lapseDuration;
  const driftChance = elapsed / population.laneDriftInterval;
  const brakingChance = population.brakingRate * elapsed;
  const [gentlest, hardest] = population.brakingDeceleration;

  const drift = (fleet: Fleet, i: number): void => {
    // Wide vehicles have little room to drift in.
    const room = Math.max(0, 1.45 - fleet.traffic.width[i] / 2);
    fleet.laneOffset[i] = Math.min(population.laneDrift, room) * (2 * rng.uniform() - 1);
  };

  return {
    refresh(fleet, i, time) {
      fleet.gapError[i] =
        fleet.gapError[i] * keptPerception + population.gapError * freshPerception * noise(rng);
      fleet.closingSpeedError[i] =
        fleet.closingSpeedError[i] * keptPerception +
        population.closingSpeedError * freshPerception * noise(rng);
      fleet.accelerationNoise[i] = fleet.accelerationNoise[i] * keptFoot + freshFoot * noise(rng);
      if (brakingChance > 0 && rng.uniform() < brakingChance) {
        fleet.accelerationNoise[i] -= gentlest + (hardest - gentlest) * rng.uniform();
      }
      const chance = rng.uniform();
      if (chance < lapseChance) {
        fleet.lapseUntil[i] = time + shortest + (longest - shortest) * rng.uniform();
      } else if (chance > 1 - driftChance && fleet.leaving[i] < 0) {
        drift(fleet, i);
      }
    },
    begin(fleet, i) {
      fleet.gapError[i] = population.gapError * noise(rng);
      fleet.closingSpeedError[i] = population.closingSpeedError * noise(rng);
      fleet.accelerationNoise[i] = population.accelerationNoise * noise(rng);
      drift(fleet, i);
    },
  };
}

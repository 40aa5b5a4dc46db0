import type { Rng } from "../core/index.ts";
import type { IdmParameters } from "./idm.ts";
import type { MobilParameters } from "./mobil.ts";
import type { DriverPopulation, Range } from "./population.ts";
import type { VehicleShape } from "./vehicle.ts";

/** What one driver with one vehicle is like; nothing here changes while driving, unless the whole population does. */
export interface DriverProfile extends IdmParameters, MobilParameters, VehicleShape {
  /** What the vehicle can or may do at most [m/s]; `desiredSpeed` stays below. */
  readonly topSpeed: number;
  /** Time from seeing to acting [s]. */
  readonly reactionTime: number;
  /** Duration of a lane change at speed [s]. */
  readonly changeDuration: number;
  /** Below this speed a lane change takes longer, along the same path [m/s]. */
  readonly changeSpeed: number;
  /** A lane this driver would like to be in, for reasons nobody sees; -1: none. */
  readonly preferredLane: number;
  /** What that is worth [m/s²], and from which place on [m]. */
  readonly preferenceBias: number;
  readonly preferredFrom: number;
  /** Least time between two lane changes [s]. */
  readonly patience: number;
}

/** Draws one driver for a road of `laneCount` lanes. */
export function drawDriver(population: DriverPopulation, laneCount: number, rng: Rng): DriverProfile {
  const kind = rng.uniform();
  const truck = kind < population.truckFraction;
  const motorcycle = !truck && kind < population.truckFraction + population.motorcycleFraction;
  const around = (mean: number, spread: number): number =>
    mean * (1 + spread * Math.min(2.5, Math.max(-2.5, rng.normal())));
  const within = ([from, to]: Range): number => from + (to - from) * rng.uniform();
  const topSpeed = truck ? population.truckSpeed : Infinity;
  const vigor = truck ? population.truckVigor : 1;
  const profile = {
    length: truck
      ? within(population.truckLength)
      : motorcycle
        ? within(population.motorcycleLength)
        : around(population.carLength, population.carLengthSpread),
    width: truck
      ? within(population.truckWidth)
      : motorcycle
        ? within(population.motorcycleWidth)
        : around(population.carWidth, population.carWidthSpread),
    desiredSpeed: Math.min(around(population.desiredSpeed, population.desiredSpeedSpread), topSpeed),
    topSpeed,
    desiredTimeGap:
      around(population.desiredTimeGap, population.desiredTimeGapSpread) +
      (truck ? population.truckExtraTimeGap : 0),
    jamGap: around(population.jamGap, population.jamGapSpread),
    maxAcceleration: vigor * around(population.maxAcceleration, population.accelerationSpread),
    comfortableDeceleration: around(population.comfortableDeceleration, population.accelerationSpread),
    politeness: population.politeness * rng.uniform(),
    changeThreshold: population.changeThreshold * (0.5 + rng.uniform()),
    safeDeceleration: population.safeDeceleration,
    reactionTime: within(population.reactionTime),
    changeDuration: truck ? population.changeDuration[1] : within(population.changeDuration),
    changeSpeed: truck ? 16 : 13,
    preferredLane: rng.uniform() < population.preferringFraction ? rng.integer(laneCount) : -1,
    preferenceBias: population.preferenceBias,
    preferredFrom: 0,
    patience: within(population.patience),
  };
  // Without exits nothing more is drawn, so that populations without them stay what they were.
  if (population.exitFraction === 0 || rng.uniform() >= population.exitFraction) return profile;
  return {
    ...profile,
    preferredLane: laneCount - 1,
    preferenceBias: population.exitBias,
    preferredFrom: population.exitStretch * rng.uniform(),
  };
}

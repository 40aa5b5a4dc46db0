import type { Rng } from "../core/index.ts";
import type { IdmParameters } from "./idm.ts";
import type { MobilParameters } from "./mobil.ts";
import type { VehicleShape } from "./vehicle.ts";

/** What one driver with one vehicle is like; nothing here changes while driving. */
export interface DriverProfile extends IdmParameters, MobilParameters, VehicleShape {
  /** Time from seeing to acting [s]. */
  readonly reactionTime: number;
  /** Duration of a lane change at speed [s]. */
  readonly changeDuration: number;
  /** Below this speed a lane change takes longer, along the same path [m/s]. */
  readonly changeSpeed: number;
  /** A lane this driver would like to be in, for reasons nobody sees; -1: none. */
  readonly preferredLane: number;
  /** Least time between two lane changes [s]. */
  readonly patience: number;
}

/**
 * The people on the road. Means and relative spreads of normal distributions, cut at two and a half deviations.
 * "HDM": the human driver model of Treiber, Kesting, Helbing, Physica A 360, 71 (2006).
 */
export interface DriverPopulation {
  /** Desired speed of cars [m/s] and its relative spread; around the 12 % that free-flow speeds show. */
  readonly desiredSpeed: number;
  readonly desiredSpeedSpread: number;
  /** [s]; dense freeways run at 0.9 to 1.4 s (Treiber & Kesting, Traffic Flow Dynamics, ch. 11). */
  readonly desiredTimeGap: number;
  readonly desiredTimeGapSpread: number;
  /** [m], same source. */
  readonly jamGap: number;
  readonly jamGapSpread: number;
  /** [m/s²], same source (1 to 2). */
  readonly maxAcceleration: number;
  readonly comfortableDeceleration: number;
  readonly accelerationSpread: number;
  /** Upper end of a uniform politeness (MOBIL: 0 to 0.5). */
  readonly politeness: number;
  /** [m/s²] (MOBIL: 0.1 to 0.2). */
  readonly changeThreshold: number;
  readonly safeDeceleration: number;
  /** Shortest and longest lane change [s] (NGSIM: mostly 3 to 5.5). */
  readonly changeDuration: readonly [number, number];
  /** Fraction of lane changes that are begun and given up. */
  readonly abandonedChangeFraction: number;
  /** Fraction of drivers with a preferred lane, and what it is worth to them [m/s²]. */
  readonly preferringFraction: number;
  readonly preferenceBias: number;
  /** Shortest and longest reaction time [s] (HDM: 0.6 with anticipation, which these drivers do without). */
  readonly reactionTime: readonly [number, number];
  /** Deviation of the perceived gap, relative (HDM: 0.05; more here, standing for changing moods), and its memory [s]. */
  readonly gapError: number;
  /** Deviation of the perceived closing speed per meter of gap [1/s] (HDM: 0.01). */
  readonly closingSpeedError: number;
  readonly perceptionMemory: number;
  /** Deviation of the acceleration of a foot that is not quite steady [m/s²], and its memory [s]. */
  readonly accelerationNoise: number;
  readonly accelerationMemory: number;
  /** Lapses of attention per second, and their shortest and longest duration [s] (glances off the road: 0.5 to 2 s). */
  readonly lapseRate: number;
  readonly lapseDuration: readonly [number, number];
  /** Largest drift from the center of the lane [m]. */
  readonly laneDrift: number;
  readonly truckFraction: number;
  /** Trucks want no more than this [m/s]. */
  readonly truckSpeed: number;
  readonly motorcycleFraction: number;
}

/** People in dense freeway traffic. */
export const defaultPopulation: DriverPopulation = {
  desiredSpeed: 30,
  desiredSpeedSpread: 0.12,
  desiredTimeGap: 0.85,
  desiredTimeGapSpread: 0.25,
  jamGap: 1.8,
  jamGapSpread: 0.25,
  maxAcceleration: 1.5,
  comfortableDeceleration: 2,
  accelerationSpread: 0.2,
  politeness: 0.4,
  changeThreshold: 0.25,
  safeDeceleration: 2.5,
  changeDuration: [3, 5.5],
  abandonedChangeFraction: 0.05,
  preferringFraction: 0.3,
  preferenceBias: 0.25,
  reactionTime: [0.1, 0.4],
  gapError: 0.1,
  closingSpeedError: 0.01,
  perceptionMemory: 12,
  accelerationNoise: 0.2,
  accelerationMemory: 2,
  lapseRate: 1 / 40,
  lapseDuration: [0.5, 1.5],
  laneDrift: 0.35,
  truckFraction: 0.05,
  truckSpeed: 25,
  motorcycleFraction: 0.01,
};

/** Draws one driver for a road of `laneCount` lanes. */
export function drawDriver(population: DriverPopulation, laneCount: number, rng: Rng): DriverProfile {
  const kind = rng.uniform();
  const truck = kind < population.truckFraction;
  const motorcycle = !truck && kind < population.truckFraction + population.motorcycleFraction;
  const around = (mean: number, spread: number): number =>
    mean * (1 + spread * Math.min(2.5, Math.max(-2.5, rng.normal())));
  const within = ([from, to]: readonly [number, number]): number => from + (to - from) * rng.uniform();
  const vigor = truck ? 0.6 : 1;
  return {
    length: truck ? within([9, 16]) : motorcycle ? within([2, 2.4]) : around(4.7, 0.08),
    width: truck ? within([2.4, 2.6]) : motorcycle ? within([0.8, 0.95]) : around(1.9, 0.05),
    desiredSpeed: Math.min(
      around(population.desiredSpeed, population.desiredSpeedSpread),
      truck ? population.truckSpeed : Infinity,
    ),
    desiredTimeGap: around(population.desiredTimeGap, population.desiredTimeGapSpread) + (truck ? 0.4 : 0),
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
    patience: within([4, 20]),
  };
}

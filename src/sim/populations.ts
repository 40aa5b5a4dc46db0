import type { DriverPopulation } from "./population.ts";
import type { Scenario } from "./scenario.ts";

/** People in dense freeway traffic, by literature and by eye: without exits and sudden braking. */
const uncalibrated: DriverPopulation = {
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
  patience: [4, 20],
  preferringFraction: 0.3,
  preferenceBias: 0.25,
  exitFraction: 0,
  exitBias: 0.8,
  exitStretch: 400,
  reactionTime: [0.1, 0.4],
  gapError: 0.1,
  closingSpeedError: 0.01,
  perceptionMemory: 12,
  accelerationNoise: 0.2,
  accelerationMemory: 2,
  lapseRate: 1 / 40,
  lapseDuration: [0.5, 1.5],
  brakingRate: 0,
  brakingDeceleration: [2, 5],
  laneDrift: 0.35,
  laneDriftInterval: 6,
  carLength: 4.7,
  carLengthSpread: 0.08,
  carWidth: 1.9,
  carWidthSpread: 0.05,
  truckFraction: 0.05,
  truckLength: [9, 16],
  truckWidth: [2.4, 2.6],
  truckSpeed: 25,
  truckVigor: 0.6,
  truckExtraTimeGap: 0.4,
  motorcycleFraction: 0.01,
  motorcycleLength: [2, 2.4],
  motorcycleWidth: [0.8, 0.95],
};

/**
 * The same people after `npx headway calibrate` (`data/calibration.json`): as they differ, fitted to the training
 * stretches of US-101 and I-80 or measured there; exits and sudden braking switched on.
 */
const calibrated: DriverPopulation = {
  ...uncalibrated,
  desiredTimeGap: 1.08,
  desiredTimeGapSpread: 0.273,
  jamGap: 1.75,
  maxAcceleration: 1.17,
  comfortableDeceleration: 2.05,
  changeThreshold: 0.35,
  preferenceBias: 0.201,
  exitFraction: 0.06,
  gapError: 0.213,
  closingSpeedError: 0.0123,
  accelerationNoise: 0.185,
  accelerationMemory: 1.17,
  brakingRate: 0.00202,
  carLength: 4.92,
  carLengthSpread: 0.134,
  truckFraction: 0.0317,
};

/** The populations that ship, by name. */
export const populations = { uncalibrated, calibrated } as const;
export type PopulationName = keyof typeof populations;

/** The people in every scenario that does not name others. */
export const defaultPopulation: DriverPopulation = populations.calibrated;

/** Other people in the same circumstances: what a scenario says differently from the default population stays. */
export function withPeople(scenario: Scenario, people: DriverPopulation): Scenario {
  const names = Object.keys(people) as (keyof DriverPopulation)[];
  const special = names.filter((name) => scenario.population[name] !== defaultPopulation[name]);
  const kept = Object.fromEntries(special.map((name) => [name, scenario.population[name]]));
  return { ...scenario, population: { ...people, ...kept } };
}

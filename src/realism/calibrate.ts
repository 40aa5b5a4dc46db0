import { createRng } from "../core/index.ts";
import type { Recording, FrameRange } from "../episodes/index.ts";
import { type DriverPopulation, populations } from "../sim/index.ts";
import { distanceBetween } from "./distance.ts";
import { type GeneratedAmount, observeGenerated, type Regime, regimeOf } from "./matched.ts";
import { observe, type Observation } from "./observe.ts";
import type { QuantityName } from "./quantities.ts";
import type { SearchedNumber } from "./search.ts";

/** Real traffic to fit to, observed on its training stretch. */
export interface CalibrationTarget {
  readonly name: string;
  readonly real: Observation;
  readonly regime: Regime;
  readonly quantities: readonly QuantityName[];
  readonly lowestBounds: readonly [number, number];
  readonly highestBounds: readonly [number, number];
  readonly amount: GeneratedAmount;
}

/** The numbers of the population that are fitted, and how far they may go. */
const fitted: readonly [keyof DriverPopulation, number, number][] = [
  ["desiredTimeGap", 0.6, 2],
  ["desiredTimeGapSpread", 0.1, 0.38],
  ["jamGap", 1, 4],
  ["maxAcceleration", 0.6, 2],
  ["comfortableDeceleration", 1, 3.5],
  ["gapError", 0.03, 0.25],
  ["closingSpeedError", 0.003, 0.04],
  ["accelerationNoise", 0.05, 0.6],
  ["accelerationMemory", 0.5, 5],
  ["changeThreshold", 0.05, 0.8],
  ["preferenceBias", 0.05, 0.6],
  ["brakingRate", 0, 0.02],
];

const following = ["speed", "acceleration", "timeGap", "gap", "closingSpeed"] as const;

/** US-101's training clip and I-80's training stretch. The latter's file lacks vehicles, so it says nothing on flow. */
export function calibrationTargets(
  us101: Recording,
  i80: Recording,
  trainOf: (recording: Recording) => FrameRange,
): CalibrationTarget[] {
  const target = (
    recording: Recording,
    mainLanes: number,
  ): Pick<CalibrationTarget, "name" | "real" | "regime"> => {
    const real = observe({
      recording,
      range: trainOf(recording),
      mainLanes,
      stretch: [0, recording.road.length],
    });
    return { name: recording.name, real, regime: regimeOf(real, mainLanes) };
  };
  return [
    {
      ...target(us101, 5),
      quantities: [...following, "density", "flow"],
      lowestBounds: [2, 14],
      highestBounds: [10, 24],
      amount: { warmUpSeconds: 40, seconds: 90 },
    },
    {
      ...target(i80, 1),
      quantities: following,
      lowestBounds: [8, 20],
      highestBounds: [16, 34],
      amount: { warmUpSeconds: 40, seconds: 240 },
    },
  ];
}

/** What people are like before fitting: literature, sizes of the vehicles seen, and everything switched on. */
export function startingPopulation(us101: Recording, train: FrameRange): DriverPopulation {
  const lengths = us101.tracks
    .filter(({ firstFrame }) => firstFrame < train.endFrame)
    .map(({ length }) => length);
  const cars = lengths.filter((length) => length >= 3 && length < longestCar);
  const carLength = cars.reduce((sum, length) => sum + length, 0) / cars.length;
  const variance = cars.reduce((sum, length) => sum + (length - carLength) ** 2, 0) / cars.length;
  const rounded = (value: number): number => Number(value.toPrecision(3));
  return {
    ...populations.uncalibrated,
    carLength: rounded(carLength),
    carLengthSpread: rounded(Math.sqrt(variance) / carLength),
    truckFraction: rounded(lengths.filter((length) => length >= longestCar).length / lengths.length),
    exitFraction: 0.06,
    brakingRate: 0.003,
  };
}
/** What is longer is a truck or a bus [m]. */
const longestCar = 7.5;

/** Everything searched for: the fitted parameters, and the limits that give each target its speeds. */
export function searchedNumbers(
  start: DriverPopulation,
  targets: readonly CalibrationTarget[],
): SearchedNumber[] {
  return [
    ...fitted.map(([name, low, high]) => ({ name, low, high, start: start[name] as number })),
    ...targets.flatMap(({ name, regime, lowestBounds, highestBounds }) => [
      { name: `${name} lowest limit`, low: lowestBounds[0], high: lowestBounds[1], start: regime.lowest },
      { name: `${name} highest limit`, low: highestBounds[0], high: highestBounds[1], start: regime.highest },
    ]),
  ];
}

export function populationAt(start: DriverPopulation, point: readonly number[]): DriverPopulation {
  return { ...start, ...Object.fromEntries(fitted.map(([name], i) => [name, point[i]])) };
}

/** One named part per measured distribution; `total` is their sum. */
export interface CalibrationLoss {
  readonly parts: { readonly [part: string]: number };
  readonly total: number;
}

/**
 * How far traffic of the searched numbers lies from the real one: Wasserstein-1 over the deviation of the real values, and
 * the difference of lane-change rates over the real rate and its own (Poisson) deviation, summed. Every point sees the same random streams.
 */
export function calibrationLoss(
  start: DriverPopulation,
  targets: readonly CalibrationTarget[],
  point: readonly number[],
  seed: number,
): CalibrationLoss {
  const population = populationAt(start, point);
  const parts: { [part: string]: number } = {};
  targets.forEach((target, index) => {
    const { name, real, amount } = target;
    const [a, b] = point.slice(fitted.length + 2 * index);
    const regime = { ...target.regime, lowest: Math.min(a, b), highest: Math.max(a, b) };
    const generated = observeGenerated(regime, population, amount, createRng(seed).fork(`calibrate/${name}`));
    for (const quantity of target.quantities) {
      const wasserstein = distanceBetween(real.samples[quantity], generated.samples[quantity]).wasserstein;
      const loss = wasserstein / deviation(real.samples[quantity].values);
      // Nothing to compare (a road that stays empty) is as bad as it gets.
      parts[`${name} ${quantity}`] = Number.isFinite(loss) ? loss : 10;
    }
    if (target.regime.lanes > 1) {
      const rate = changeRate(real);
      const count = real.changes.reduce((sum, changes) => sum + changes, 0);
      const scale = rate * (1 + 1 / Math.sqrt(count));
      parts[`${name} lane changes`] = Math.abs(changeRate(generated) - rate) / scale;
    }
  });
  return { parts, total: Object.values(parts).reduce((sum, part) => sum + part, 0) };
}

/** Lane changes per kilometer and vehicle. */
export function changeRate({ changes, meters }: Observation): number {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return (1000 * sum(changes)) / sum(meters);
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

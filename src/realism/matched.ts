import { frameSeconds, quantileOfSorted, type Rng } from "../core/index.ts";
import { record, type Recording } from "../episodes/index.ts";
import { createSimulation, type DriverPopulation, type Scenario, straightRoad } from "../sim/index.ts";
import { distanceBetween } from "./distance.ts";
import { observe, type Observation } from "./observe.ts";
import { remeasure } from "./remeasure.ts";

/** The circumstances of some real traffic that generated traffic is given too, so that only the drivers differ. */
export interface Regime {
  readonly lanes: number;
  /** Vehicles that want to enter [vehicles/s per lane]. */
  readonly inflowRate: number;
  /** Front to front on average [m]: how full the road is at the start. */
  readonly spacing: number;
  /** Speed limit [m/s] that comes and goes between two values … */
  readonly lowest: number;
  readonly highest: number;
  /** … from here on [m]. */
  readonly limitStart: number;
}

/** How much traffic is generated per regime. */
export interface GeneratedAmount {
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

const roadLength = 600;
/** Where generated traffic is observed [m]: behind the entrance, before the place of the limit. */
const observedStretch = [100, 400] as const;
const limitStart = 450;
/** Arrivals where the traffic is jammed: more than can pass, so that the jam decides [vehicles/s per lane]. */
const crowdedInflow = 0.7;
const congestedBelow = 15;

/** Circumstances as seen: mean density, mean flow, and the speeds that half of the vehicles keep between. */
export function regimeOf({ samples }: Observation, lanes: number): Regime {
  const speeds = Float64Array.from(samples.speed.values).sort();
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const median = quantileOfSorted(speeds, 0.5);
  const congested = median < congestedBelow && lanes > 1;
  return {
    lanes,
    inflowRate: congested ? crowdedInflow : mean(samples.flow.values) / 3600,
    spacing: 1000 / mean(samples.density.values),
    lowest: quantileOfSorted(speeds, 0.25),
    highest: quantileOfSorted(speeds, 0.75),
    limitStart: congested ? limitStart : 0,
  };
}

export function matchedScenario(regime: Regime, population: DriverPopulation): Scenario {
  return {
    name: "matched",
    goal: "Give generated drivers the circumstances of real ones.",
    road: straightRoad("matched", roadLength, regime.lanes),
    dt: frameSeconds,
    demand: { inflowRate: regime.inflowRate, swing: 0, period: 60 },
    bottleneck: {
      start: regime.limitStart,
      end: Infinity,
      lowest: regime.lowest,
      highest: regime.highest,
      commonPeriod: 90,
      lanePeriod: 47,
      commonShare: 0.35,
    },
    population,
    initialSpacing: regime.spacing,
  };
}

/** Generates traffic in these circumstances and measures it as real traffic is measured. */
export function observeGenerated(
  regime: Regime,
  population: DriverPopulation,
  amount: GeneratedAmount,
  rng: Rng,
): Observation {
  return observeMatched(remeasure(generate(regime, population, amount, rng)), regime);
}

function generate(
  regime: Regime,
  population: DriverPopulation,
  amount: GeneratedAmount,
  rng: Rng,
): Recording {
  return record(createSimulation(matchedScenario(regime, population), rng), {
    name: "matched",
    ...amount,
    provenance: "generated to be compared with real traffic",
  });
}

function observeMatched(recording: Recording, { lanes }: Regime): Observation {
  const range = { firstFrame: 0, endFrame: recording.frames };
  return observe({ recording, range, mainLanes: lanes, stretch: observedStretch });
}

/** Limits that are tried: their middle as a part of the real median speed, and how far they swing around it. */
const middles = [0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5, 1.7, 2];
const swings = [0.1, 0.3, 0.5];

/** Generated traffic that is as fast as the real one, and under which circumstances it is. */
export interface Matched {
  readonly regime: Regime;
  readonly generated: Observation;
}

/**
 * Finds the limits under which generated vehicles drive as fast as real ones: of all tried ones those with the smallest
 * Wasserstein distance of speeds. Vehicles before a limit are slower than the limit, by how much depends on the people;
 * and whether a jam has come by in a minute depends on chance, so the traffic tried is the traffic returned.
 */
export function matchSpeed(
  regime: Regime,
  real: Observation,
  population: DriverPopulation,
  amount: GeneratedAmount,
  rng: Rng,
): Matched {
  const median = quantileOfSorted(Float64Array.from(real.samples.speed.values).sort(), 0.5);
  let best: { readonly regime: Regime; readonly recording: Recording } | undefined;
  let nearest = Infinity;
  for (const middle of middles) {
    for (const swing of swings) {
      const [lowest, highest] = [median * middle * (1 - swing), median * middle * (1 + swing)];
      const tried = { ...regime, lowest, highest };
      const recording = generate(tried, population, amount, rng.fork(`${middle} ${swing}`));
      // Speeds hardly change by being smoothed.
      const { speed } = observeMatched(recording, tried).samples;
      const { wasserstein } = distanceBetween(real.samples.speed, speed);
      if (wasserstein >= nearest) continue;
      best = { regime: tried, recording };
      nearest = wasserstein;
    }
  }
  if (best === undefined) throw new Error("expected traffic under one of the limits, got an empty road");
  return { regime: best.regime, generated: observeMatched(remeasure(best.recording), best.regime) };
}

import { frameSeconds } from "../core/index.ts";
import type { DriverPopulation } from "./population.ts";
import { defaultPopulation } from "./populations.ts";
import { specialScenarios } from "./special-scenarios.ts";
import { straightRoad, type Road } from "./road.ts";

/** Vehicles that want to enter each lane at x = 0. */
export interface Demand {
  /** [vehicles/s per lane] */
  readonly inflowRate: number;
  /** The rate swings by this fraction of itself, up and down, over a period [s]. */
  readonly swing: number;
  readonly period: number;
}

/**
 * A stretch whose speed limit comes and goes, lane by lane: a bottleneck that sends stop waves upstream.
 *
 *   limit = lowest + (highest − lowest) · openness,   0 ≤ openness ≤ 1
 *
 * where openness is the mean of a slow wave common to all lanes and a faster one of each lane.
 */
export interface Bottleneck {
  readonly start: number;
  readonly end: number;
  /** [m/s] */
  readonly lowest: number;
  readonly highest: number;
  /** Period of the common wave, and of the waves of the lanes [s]. */
  readonly commonPeriod: number;
  readonly lanePeriod: number;
  /** Weight of the common wave, from 0 to 1. */
  readonly commonShare: number;
}

/** Somebody who is on the road from the start and stays where it is. */
export interface StalledVehicle {
  readonly laneIndex: number;
  readonly x: number;
}

/** A named kind of traffic: everything a simulation needs but its randomness. */
export interface Scenario {
  readonly name: string;
  /** What it is for, in one line. */
  readonly goal: string;
  readonly road: Road;
  /** Length of a step [s]. */
  readonly dt: number;
  readonly demand: Demand;
  readonly bottleneck: Bottleneck | null;
  readonly population: DriverPopulation;
  /** Fills the road at the start with vehicles this far apart in each lane [m]; null: the road starts empty. */
  readonly initialSpacing: number | null;
  readonly stalled?: readonly StalledVehicle[];
}

/** Where each lane cannot be driven on [m]: at its end or at the rear of a stalled car; `Infinity` where it can. */
export function deadEndsOf({ road, stalled = [] }: Scenario): number[] {
  return road.lanes.map((lane, laneIndex) =>
    stalled
      .filter((vehicle) => vehicle.laneIndex === laneIndex)
      .reduce(
        (nearest, { x }) => Math.min(nearest, x - stalledLength / 2),
        lane.end < road.length ? lane.end : Infinity,
      ),
  );
}

/** [m] */
export const stalledLength = 4.7;

const highway = straightRoad("six-lane-highway", 600, 6);

/** The limit [m/s] in one lane of a bottleneck at a time [s]. */
export function bottleneckLimit(bottleneck: Bottleneck, laneIndex: number, time: number): number {
  const { lowest, highest, commonPeriod, lanePeriod, commonShare } = bottleneck;
  const common = 0.5 + 0.5 * Math.sin((2 * Math.PI * time) / commonPeriod);
  // Lanes are out of step with each other, and no two have quite the same period.
  const period = lanePeriod * (1 + 0.13 * laneIndex);
  const own = 0.5 + 0.5 * Math.sin((2 * Math.PI * time) / period + 2.4 * laneIndex);
  return lowest + (highest - lowest) * (commonShare * common + (1 - commonShare) * own);
}

export const scenarios: { readonly [name: string]: Scenario } = {
  dense: {
    name: "dense",
    goal: "Keep going in dense traffic through waves of stop and go.",
    road: highway,
    dt: frameSeconds,
    demand: { inflowRate: 0.65, swing: 0, period: 60 },
    bottleneck: {
      start: 450,
      end: Infinity,
      lowest: 7.5,
      highest: 11.5,
      commonPeriod: 190,
      lanePeriod: 47,
      commonShare: 0.35,
    },
    population: defaultPopulation,
    initialSpacing: null,
  },
  "free-flow": {
    name: "free-flow",
    goal: "Drive fast among few others.",
    road: highway,
    dt: frameSeconds,
    demand: { inflowRate: 0.2, swing: 0.4, period: 120 },
    bottleneck: null,
    population: { ...defaultPopulation, desiredSpeed: 28, desiredSpeedSpread: 0.2, desiredTimeGap: 1.1 },
    initialSpacing: null,
  },
  mixed: {
    name: "mixed",
    goal: "Cope with everything between a jam and an open road.",
    road: highway,
    dt: frameSeconds,
    demand: { inflowRate: 0.38, swing: 0.3, period: 311 },
    bottleneck: {
      start: 450,
      end: Infinity,
      lowest: 3.5,
      highest: 32,
      commonPeriod: 240,
      lanePeriod: 61,
      commonShare: 0.75,
    },
    population: defaultPopulation,
    initialSpacing: null,
  },
  ...Object.fromEntries(specialScenarios.map((special) => [special.name, special])),
};

/**
 * A road that starts full and is kept full, with about the given number of vehicles on equal lanes: for measuring
 * how fast the simulation is.
 */
export function crowdedScenario(vehicles: number, lanes: number): Scenario {
  const spacing = 15;
  const length = Math.ceil(vehicles / lanes) * spacing;
  return {
    name: `crowded-${vehicles}`,
    goal: "Hold a constant number of vehicles.",
    road: straightRoad("crowded", length, lanes),
    dt: frameSeconds,
    demand: { inflowRate: 1, swing: 0, period: 60 },
    bottleneck: {
      start: length - 150,
      end: Infinity,
      lowest: 7.5,
      highest: 10,
      commonPeriod: 190,
      lanePeriod: 47,
      commonShare: 0.5,
    },
    population: defaultPopulation,
    initialSpacing: spacing,
  };
}

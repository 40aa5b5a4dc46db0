import { InputError } from "../core/index.ts";
import type { Scenario } from "./scenario.ts";

/** What can be changed about traffic by name, before it begins and while it runs. */
export interface TrafficParameters {
  /** Vehicles that want to come in [1/s per lane]. */
  readonly inflowRate: number;
  /** Part of those coming in that are trucks. */
  readonly truckFraction: number;
  /** Mean speed that drivers of cars want on an empty road [m/s]. */
  readonly desiredSpeed: number;
  /** Mean time gap that drivers want to the vehicle ahead [s]. */
  readonly timeGap: number;
  /** Upper end of what drivers give for the comfort of others when they change lanes, from 0 to 1. */
  readonly politeness: number;
}

/** New values for some parameters. */
export type ParameterChange = { readonly [Name in keyof TrafficParameters]?: number | undefined };

/** Which values a parameter may take, and how finely it is usually set. */
export interface ParameterRange {
  readonly about: string;
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** The parameters of traffic, each with its range in SI units. */
export const parameterRanges: { readonly [Name in keyof TrafficParameters]: ParameterRange } = {
  inflowRate: {
    about: "vehicles that want to come in, per lane",
    unit: "1/s",
    least: 0,
    most: 1,
    step: 0.05,
  },
  truckFraction: { about: "part of them that are trucks", unit: "", least: 0, most: 1, step: 0.01 },
  desiredSpeed: { about: "mean speed wanted on an empty road", unit: "m/s", least: 1, most: 40, step: 1 },
  timeGap: { about: "mean time gap wanted to the car ahead", unit: "s", least: 0.5, most: 4, step: 0.1 },
  politeness: { about: "how much others count in a lane change", unit: "", least: 0, most: 1, step: 0.05 },
};

export const parameterNames = Object.keys(parameterRanges) as readonly (keyof TrafficParameters)[];

/** The parameters of a scenario. */
export function parametersOf({ demand, population }: Scenario): TrafficParameters {
  return {
    inflowRate: demand.inflowRate,
    truckFraction: population.truckFraction,
    desiredSpeed: population.desiredSpeed,
    timeGap: population.desiredTimeGap,
    politeness: population.politeness,
  };
}

/**
 * The scenario with some parameters changed; the scenario itself where none is.
 * @throws InputError for an unknown name or a value out of its range.
 */
export function withParameters(scenario: Scenario, change: ParameterChange): Scenario {
  checkChange(change);
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length === 0) return scenario;
  const parameters = { ...parametersOf(scenario), ...given };
  const { inflowRate, truckFraction, desiredSpeed, timeGap, politeness } = parameters;
  return {
    ...scenario,
    demand: { ...scenario.demand, inflowRate },
    population: { ...scenario.population, truckFraction, desiredSpeed, desiredTimeGap: timeGap, politeness },
  };
}

function checkChange(change: ParameterChange): void {
  for (const [name, value] of Object.entries(change)) {
    if (!Object.hasOwn(parameterRanges, name)) {
      throw new InputError(`traffic: expected one of ${parameterNames.join(", ")}, got ${name}.`);
    }
    const { least, most, unit } = parameterRanges[name as keyof TrafficParameters];
    if (value !== undefined && !(value >= least && value <= most)) {
      const range = `from ${least} to ${most} ${unit}`.trimEnd();
      throw new InputError(`traffic.${name}: expected a number ${range}, got ${String(value)}.`);
    }
  }
}

import { type DriverPopulation, populationNotes, type PopulationName, populations } from "../sim/index.ts";
import type { RealismReport } from "./page.ts";

/** Every parameter of a population beside that of another, with unit, meaning and source. */
export function parameterRows(
  population: PopulationName,
  earlier: PopulationName,
): RealismReport["parameters"] {
  return (Object.keys(populationNotes) as (keyof DriverPopulation)[]).map((name) => ({
    name,
    ...populationNotes[name],
    value: shown(populations[population][name]),
    earlier: shown(populations[earlier][name]),
  }));
}

function shown(value: number | readonly number[]): string {
  return typeof value === "number" ? String(Number(value.toPrecision(3))) : value.join(" – ");
}

import { createRng } from "../../core/index.ts";
import { createSimulation, crowdedScenario } from "../../sim/index.ts";
import type { BenchOptions, BenchResult } from "../commands/bench.ts";
import { configurationOf } from "../configuration.ts";
import { secondsPerCall } from "./repeat.ts";

const settleSteps = 100;
const seconds = 3;

/** World steps and vehicle updates per second of generated traffic with everything on. */
export function benchSim(options: BenchOptions): BenchResult {
  const scenario = crowdedScenario(options.vehicles, options.lanes);
  const { seed } = configurationOf(options);
  const simulation = createSimulation(scenario, createRng(seed).fork("bench sim"));
  for (let i = 0; i < settleSteps; i++) simulation.step();
  let updates = 0;
  let steps = 0;
  const { wall, cpu } = secondsPerCall(() => {
    simulation.step();
    updates += simulation.traffic.count;
    steps++;
  }, seconds);
  const vehicles = updates / steps;
  return {
    result: {
      vehicleUpdatesPerSecond: vehicles / wall,
      vehicleUpdatesPerCpuSecond: vehicles / cpu,
      worldStepsPerSecond: 1 / wall,
      vehicles,
    },
    line:
      `${Math.round(vehicles / wall)} vehicle updates/s (${Math.round(vehicles / cpu)} per second of CPU time), ` +
      `${Math.round(1 / wall)} world steps/s with ${Math.round(vehicles)} vehicles on ${options.lanes} lanes.`,
  };
}

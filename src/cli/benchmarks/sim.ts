import { createRng } from "../../core/index.ts";
import { createSimulation, crowdedScenario } from "../../sim/index.ts";
import type { BenchOptions, BenchResult } from "../commands/bench.ts";
import { secondsPerCall } from "./repeat.ts";

const settleSteps = 100;
const seconds = 3;

/** World steps and vehicle updates per second of generated traffic with everything on. */
export function benchSim(options: BenchOptions): BenchResult {
  const scenario = crowdedScenario(options.vehicles, options.lanes);
  const simulation = createSimulation(scenario, createRng(options.seed ?? 1).fork("bench sim"));
  for (let i = 0; i < settleSteps; i++) simulation.step();
  let updates = 0;
  let steps = 0;
  const each = secondsPerCall(() => {
    simulation.step();
    updates += simulation.traffic.count;
    steps++;
  }, seconds);
  const vehicles = updates / steps;
  return {
    result: { vehicleUpdatesPerSecond: vehicles / each, worldStepsPerSecond: 1 / each, vehicles },
    line:
      `${Math.round(vehicles / each)} vehicle updates/s, ${Math.round(1 / each)} world steps/s ` +
      `with ${Math.round(vehicles)} vehicles on ${options.lanes} lanes.`,
  };
}

import { createRng, quantileOfSorted } from "../../core/index.ts";
import { createForwardModel } from "../../forward-model/index.ts";
import { createPlanner } from "../../policy/index.ts";
import { createSimulation, createTraffic, crowdedScenario, type Scene } from "../../sim/index.ts";
import { startBackend } from "../backend.ts";
import type { BenchOptions, BenchResult } from "../commands/bench.ts";
import { configurationOf } from "../configuration.ts";
import { planners } from "../planners.ts";

const settleSteps = 100;
/** Decisions before the clock starts: code is compiled in the first ones. */
const untimed = 4;
const timed = 12;

interface Timing {
  /** Medians over decisions [ms]. */
  readonly wall: number;
  readonly cpu: number;
  /** The least, which other work on the machine disturbs least [ms]. */
  readonly leastCpu: number;
}

/** Time of one planned action of one ego among generated traffic, the imagining of its futures included. */
export async function benchPlan(options: BenchOptions): Promise<BenchResult> {
  const config = configurationOf(options);
  await startBackend(options.backend);
  // What a model has learned makes no difference to how long it takes.
  const model = createForwardModel(config.forwardModel, createRng(config.seed));
  const scene = sceneAmong(options, config.seed);
  const timings = planners.map((name): [string, Timing] => {
    const search = name === "cem" ? "cem" : "gradient";
    const driver = createPlanner({
      model,
      search,
      config: config.planner,
      policy: config.policy,
      guide: null,
    });
    const session = driver.begin(1, createRng(config.seed).fork(`bench ${name}`));
    const action = { acceleration: 0, steering: 0 };
    const walls: number[] = [];
    const cpus: number[] = [];
    for (let i = 0; i < untimed + timed; i++) {
      const begin = performance.now();
      const before = process.cpuUsage();
      session.act([scene], [action]);
      const { user, system } = process.cpuUsage(before);
      if (i < untimed) continue;
      walls.push(performance.now() - begin);
      cpus.push((user + system) / 1000);
    }
    session.dispose();
    return [name, { wall: median(walls), cpu: median(cpus), leastCpu: Math.min(...cpus) }];
  });
  model.dispose();
  const lines = timings.map(
    ([name, { wall, cpu, leastCpu }]) =>
      `${name}: ${wall.toFixed(0)} ms per action (processor ${cpu.toFixed(0)} ms, at best ${leastCpu.toFixed(0)} ms)`,
  );
  return {
    result: { preset: options.preset, millisecondsPerAction: Object.fromEntries(timings), decisions: timed },
    line: `${lines.join("; ")}.`,
  };
}

/** What a vehicle in the middle of crowded traffic sees. */
function sceneAmong({ vehicles, lanes }: BenchOptions, seed: number): Scene {
  const scenario = crowdedScenario(vehicles, lanes);
  const simulation = createSimulation(scenario, createRng(seed).fork("bench plan"));
  for (let i = 0; i < settleSteps; i++) simulation.step();
  const { traffic } = simulation;
  const ego = Math.floor(traffic.count / 2);
  const others = createTraffic(traffic.count);
  for (const column of ["id", "x", "y", "heading", "speed", "length", "width"] as const) {
    others[column].set(traffic[column].subarray(0, ego));
    others[column].set(traffic[column].subarray(ego + 1, traffic.count), ego);
  }
  others.count = traffic.count - 1;
  const of = (column: "x" | "y" | "heading" | "speed" | "length" | "width"): number => traffic[column][ego];
  return {
    road: scenario.road,
    traffic: others,
    ego: { x: of("x"), y: of("y"), heading: of("heading"), speed: of("speed") },
    shape: { length: of("length"), width: of("width") },
    recordedAction: null,
  };
}

const median = (values: readonly number[]): number => quantileOfSorted(Float64Array.from(values).sort(), 0.5);

import { type Command, Argument } from "commander";
import {
  addBackendOption,
  addCommonOptions,
  addWorkersOption,
  type BackendOption,
  type CommonOptions,
  positiveNumber,
  type WorkersOption,
} from "../options.ts";
import { createOutput } from "../output.ts";

export interface BenchOptions extends BackendOption, CommonOptions, WorkersOption {
  readonly vehicles: number;
  readonly lanes: number;
  readonly updates: number;
}

/** One benchmark: the JSON result and the line for people. */
export interface BenchResult {
  readonly result: object;
  readonly line: string;
}

/** Loaded when asked for, so that `--help` does not wait for them. */
const benchmarks: {
  readonly [what: string]: () => Promise<(options: BenchOptions) => BenchResult | Promise<BenchResult>>;
} = {
  sim: async () => (await import("../benchmarks/sim.ts")).benchSim,
  render: async () => (await import("../benchmarks/render.ts")).benchRender,
  model: async () => (await import("../benchmarks/training.ts")).benchModel,
  policy: async () => (await import("../benchmarks/training.ts")).benchPolicy,
  plan: async () => (await import("../benchmarks/plan.ts")).benchPlan,
  evaluate: async () => (await import("../benchmarks/evaluate.ts")).benchEvaluate,
};

export function registerBench(program: Command): void {
  addCommonOptions(
    program
      .command("bench")
      .description("measure speed, in the units that matter")
      .addArgument(new Argument("<what>", "what to measure").choices(Object.keys(benchmarks)))
      .option("--vehicles <n>", "sim, render, plan: vehicles on the road", positiveNumber, 430)
      .option("--lanes <n>", "sim, render, plan: lanes of the road", positiveNumber, 6)
      .option("--updates <n>", "model, policy: updates to time", positiveNumber, 20),
    (command) => addBackendOption(command, "model, policy, plan, evaluate: "),
    (command) => addWorkersOption(command, "model, policy: "),
  ).action(bench);
}

async function bench(what: string, options: BenchOptions): Promise<void> {
  const output = createOutput(options.json);
  const run = await benchmarks[what]();
  const { result, line } = await run(options);
  output.print(line);
  output.result(result);
}

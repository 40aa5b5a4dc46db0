import { Command, CommanderError } from "commander";
import { registerBench } from "./commands/bench.ts";
import { registerCalibrate } from "./commands/calibrate.ts";
import { registerCheckUp } from "./commands/check-up.ts";
import { registerCompare } from "./commands/compare.ts";
import { registerConfig } from "./commands/config.ts";
import { registerEvaluate } from "./commands/evaluate.ts";
import { registerForesee } from "./commands/foresee.ts";
import { registerImport } from "./commands/import.ts";
import { registerQuickstart } from "./commands/quickstart.ts";
import { registerRecord } from "./commands/record.ts";
import { registerRealism } from "./commands/realism.ts";
import { registerScenarios } from "./commands/scenarios.ts";
import { registerShip } from "./commands/ship.ts";
import { registerSoak } from "./commands/soak.ts";
import { registerSweep } from "./commands/sweep.ts";
import { registerTrain } from "./commands/train.ts";
import { registerWatch } from "./commands/watch.ts";
import { exitCodes, explain } from "./errors.ts";

/** Runs one command line (without node and script) and returns the exit code. */
export async function main(words: readonly string[]): Promise<number> {
  const program = new Command("headway")
    .description("Learning to drive by simulating it in your head.")
    .exitOverride()
    .showSuggestionAfterError(true);
  registerQuickstart(program);
  registerWatch(program);
  registerImport(program);
  registerRecord(program);
  registerScenarios(program);
  registerTrain(program);
  registerSweep(program);
  registerCheckUp(program);
  registerForesee(program);
  registerEvaluate(program);
  registerCompare(program);
  registerCalibrate(program);
  registerRealism(program);
  registerSoak(program);
  registerBench(program);
  registerConfig(program);
  registerShip(program);
  try {
    await program.parseAsync(words, { from: "user" });
    return exitCodes.done;
  } catch (error) {
    // Commander has printed its own message; help and version are no failure.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
    const { code, message } = explain(error);
    process.stderr.write(message + "\n");
    return code;
  }
}

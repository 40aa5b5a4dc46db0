import { type Command, Option } from "commander";
import type { SplitName } from "../../episodes/index.ts";
import type { Mode } from "../../evaluation/index.ts";
import {
  addCommonOptions,
  addMachineOptions,
  type CommonOptions,
  folderToWrite,
  fraction,
  minutes,
  positiveNumber,
  type MachineOptions,
} from "../options.ts";
import { createOutput } from "../output.ts";
import type { Entrant, Verdict } from "../verdicts.ts";

interface EvaluateOptions extends CommonOptions, MachineOptions {
  readonly driver?: readonly string[];
  readonly traffic?: readonly string[];
  readonly mode: readonly Mode[];
  readonly selfShare?: number;
  readonly split: SplitName;
  readonly episodes?: number;
  readonly minutes?: number;
  readonly rollBack?: string;
  readonly out?: string;
}

export function registerEvaluate(program: Command): void {
  addCommonOptions(
    program
      .command("evaluate")
      .description("let drivers take over recorded vehicles and tell how it ends")
      .option(
        "--driver <name...>",
        "human, none (constant velocity), random, idm, a shipped policy or the file of one; plan:MODEL and cem:MODEL plan " +
          "with a forward model (alone: the shipped one) as `planner` in the configuration says; unbent:NAME sees bent " +
          "roads unrolled (default: rules and shipped policies)",
      )
      .option(
        "--traffic <name...>",
        "scenario, us101 or the file of a recording (default: evaluation.traffic)",
      )
      .addOption(
        new Option(
          "--mode <name...>",
          "what the others do: their record, blind to the ego; react to it; or are partly copies of the driver. " +
            "Several modes give a row each",
        )
          .choices(["replay", "reactive", "self"])
          .default(["replay"]),
      )
      .option("--self-share <part>", "of the others that copies drive in mode self (default: 0.1)", fraction)
      .addOption(
        new Option("--split <name>", "which stretch of time").choices(["validation", "test"]).default("test"),
      )
      .option(
        "--episodes <n>",
        "starts per driver and traffic (default: evaluation.episodes)",
        positiveNumber,
      )
      .option("--minutes <n>", "length of generated traffic (default: traffic.minutes)", minutes)
      .option(
        "--roll-back <driver>",
        "say which collisions and departures from the road that driver would have avoided, taking over 3 s before",
      )
      .option(
        "--out <folder>",
        "keep rows, episodes and the trace of every step: evaluation.json, traces/*.jsonl; stopped, the same command goes on",
        folderToWrite,
      ),
    addMachineOptions,
  ).action(evaluate);
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  const { configurationOf } = await import("../configuration.ts");
  const { knownDrivers, openDriver } = await import("../drivers.ts");
  const { judgedTraffic, openTraffic } = await import("../recordings.ts");
  const { withDrivingCrew } = await import("../judging/crew.ts");
  const { createDriveStore } = await import("../judging/kept-drives.ts");
  const { driverMark } = await import("../driver-mark.ts");
  const { lockFolder } = await import("../lock.ts");
  const { judge } = await import("../verdicts.ts");
  const { seenBefore } = await import("../seen-before.ts");
  const { writeEvaluation } = await import("../evaluation-files.ts");
  const { tableLines } = await import("../../evaluation/index.ts");
  const output = createOutput(options.json);
  const config = configurationOf(options);
  const { seed } = config;
  const where = judgedTraffic(options.traffic, config.evaluation.traffic);
  for (const line of seenBefore(where, options, config)) output.note(line);
  const drivers: Entrant[] = [];
  for (const name of options.driver ?? knownDrivers()) {
    drivers.push({ name, driver: await openDriver(name, options.backend, config) });
  }
  const rescuer =
    options.rollBack === undefined
      ? undefined
      : { name: options.rollBack, driver: await openDriver(options.rollBack, options.backend, config) };
  const wanted = { ...config.traffic, minutes: options.minutes ?? config.traffic.minutes };
  const episodes = options.episodes ?? config.evaluation.episodes;
  const { out } = options;
  if (out !== undefined) lockFolder(out);
  const store = out === undefined ? undefined : createDriveStore(out, (name) => driverMark(name, config));
  const verdicts: Verdict[] = [];
  await withDrivingCrew({ ...options, planning: config }, async (crew) => {
    for (const traffic of where) {
      const judged = await judge({
        recording: openTraffic(traffic, wanted, seed),
        split: options.split,
        episodes,
        seed,
        drivers,
        crew,
        modes: options.mode,
        ...(options.selfShare === undefined ? {} : { selfShare: options.selfShare }),
        trace: out !== undefined,
        ...(store === undefined ? {} : { store }),
        ...(rescuer === undefined ? {} : { rescuer }),
      });
      verdicts.push(...judged);
    }
  });
  const rows = verdicts.map(({ row }) => row);
  // First what a full disk cannot take.
  for (const line of tableLines(rows)) output.print(line);
  output.result({ rows });
  if (out === undefined) return;
  const file = writeEvaluation(out, seed, verdicts);
  store?.clear();
  output.note(`Rows and episodes are in ${file}, every step of them beside it.`);
}

import { join } from "node:path";
import { type Command, Option } from "commander";
import { InputError } from "../../core/index.ts";
import type { SplitName } from "../../episodes/index.ts";
import type { Mode } from "../../evaluation/index.ts";
import { writeFileAtomically } from "../files.ts";
import {
  addCommonOptions,
  addMachineOptions,
  type CommonOptions,
  folderToWrite,
  minutes,
  positiveNumber,
  type MachineOptions,
} from "../options.ts";
import { createOutput } from "../output.ts";

interface CompareOptions extends CommonOptions, MachineOptions {
  readonly runs: readonly string[];
  readonly driver: readonly string[];
  readonly traffic?: readonly string[];
  readonly mode: readonly Mode[];
  readonly split: SplitName;
  readonly episodes?: number;
  readonly minutes?: number;
  readonly against?: string;
  readonly out: string;
}

export function registerCompare(program: Command): void {
  addCommonOptions(
    program
      .command("compare")
      .summary(
        "one table of methods, with intervals, from the folders of their trainings and the names of drivers",
      )
      .description(
        "one table of methods, from the folders of their trainings and the names of drivers: several seeds of a method are one line with " +
          "their mean, their spread and an interval over seeds and starts. What is driven already is kept: the same command goes on, and may be given more",
      )
      .option(
        "--runs <place...>",
        "folders of policy trainings, or folders that hold several; runs that differ in their seed alone are taken together, " +
          "NAME=FOLDER takes together what has that name",
        [],
      )
      .option("--driver <name...>", "to stand beside them, as in evaluate", ["human", "none", "idm"])
      .option(
        "--traffic <name...>",
        "scenario, us101 or the file of a recording (default: evaluation.traffic)",
      )
      .addOption(
        new Option("--mode <name...>", "what the others do, as in evaluate")
          .choices(["replay", "reactive", "self"])
          .default(["replay"]),
      )
      .addOption(
        new Option("--split <name>", "which stretch of time")
          .choices(["validation", "test"])
          .default("validation"),
      )
      .option("--episodes <n>", "starts per run and traffic (default: evaluation.episodes)", positiveNumber)
      .option("--minutes <n>", "length of generated traffic (default: traffic.minutes)", minutes)
      .option("--against <name>", "say what every line is better by than this one, on the same starts")
      .requiredOption(
        "--out <folder>",
        "keeps what was driven, comparison.json and comparison.md",
        folderToWrite,
      ),
    addMachineOptions,
  ).action(compare);
}

async function compare(options: CompareOptions): Promise<void> {
  const { configurationOf } = await import("../configuration.ts");
  const { judgedTraffic } = await import("../recordings.ts");
  const { seenBefore } = await import("../seen-before.ts");
  const { readSettings } = await import("../run-folder.ts");
  const { groupRuns } = await import("../comparison/group-runs.ts");
  const { driveArms } = await import("../comparison/drive-arms.ts");
  const { comparisonMarkdown, comparisonText } = await import("../comparison/rows.ts");
  const output = createOutput(options.json);
  const config = configurationOf(options);
  const traffic = judgedTraffic(options.traffic, config.evaluation.traffic);
  if (readSettings(options.out) !== undefined) {
    // A quickstart's or a sweep's steps would be mixed up with those of the comparison.
    throw new InputError(`--out: expected a folder of its own, got ${options.out}, which is that of a run.`);
  }
  for (const line of seenBefore(traffic, options, config)) output.note(line);
  const groups = groupRuns(options.runs);
  const rows = await driveArms(groups, {
    config,
    out: options.out,
    drivers: options.driver,
    modes: options.mode,
    split: options.split,
    backend: options.backend,
    workers: options.workers,
    note: output.note,
    traffic,
    episodes: options.episodes ?? config.evaluation.episodes,
    generated: { ...config.traffic, minutes: options.minutes ?? config.traffic.minutes },
    ...(options.against === undefined ? {} : { against: options.against }),
  });
  const { seed } = config;
  const against = options.against ?? null;
  const comparison = { seed, split: options.split, against, rows };
  writeFileAtomically(join(options.out, "comparison.json"), JSON.stringify(comparison, null, 1) + "\n");
  writeFileAtomically(join(options.out, "comparison.md"), comparisonMarkdown(rows).join("\n") + "\n");
  output.note(`The table is ${join(options.out, "comparison.md")}, its numbers are beside it.`);
  for (const line of comparisonText(rows)) output.print(line);
  output.result(comparison);
}

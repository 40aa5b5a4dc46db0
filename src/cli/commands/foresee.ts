import { type Command, Option } from "commander";
import type { ForesightPlan } from "../examining/foresight.ts";
import {
  addCommonOptions,
  addHeldOutOptions,
  addMachineOptions,
  type CommonOptions,
  folderToWrite,
  type HeldOutOptions,
  type MachineOptions,
  positiveNumber,
  settingWords,
  wholeNumberFrom,
} from "../options.ts";
import { createOutput } from "../output.ts";
import { shippedModel } from "../places.ts";
import { writeReport } from "../report-files.ts";

interface ForeseeOptions extends CommonOptions, HeldOutOptions, MachineOptions {
  readonly driver: readonly string[];
  readonly model: string;
  readonly windows: number;
  readonly steps?: number;
  readonly masks: number;
  readonly out?: string;
}

export function registerForesee(program: Command): void {
  addCommonOptions(
    addHeldOutOptions(
      program
        .command("foresee")
        .summary("what drivers cost in a model's imagination, and what the same actions really cost")
        .description(
          "what drivers cost in a model's imagination, step by step, how unsure the model is of it, and what the same actions really cost",
        )
        .option(
          "--driver <name...>",
          "human, none, random, idm, plan, cem, a shipped policy or the file of one. Policies drive by what the model imagines, " +
            "plans are made at the start, rules drive among the recorded others",
          ["human", "none", "policy", "imitation"],
        )
        .addOption(new Option("--model <file>", "forward model").default(shippedModel, "the shipped one")),
    )
      .option("--windows <n>", "held-out starts", positiveNumber, 128)
      .option("--steps <n>", "imagined steps (default: policy.horizonSteps)", positiveNumber)
      .option("--masks <k>", "dropout replicas of each start", wholeNumberFrom(2), 10)
      .option(
        "--out <folder>",
        "keep the numbers as foresight.json and the curves as foresight.html",
        folderToWrite,
      ),
    addMachineOptions,
  ).action(foresee);
}

async function foresee(options: ForeseeOptions): Promise<void> {
  const { configurationOf } = await import("../configuration.ts");
  const { stepSeconds } = await import("../../forward-model/index.ts");
  const examination = await import("../../examination/index.ts");
  const { ask, withExaminingCrew } = await import("../examining/crew.ts");
  const { foresightRng, foresightSeconds, openDrivers, openForesight } =
    await import("../examining/foresight.ts");
  const { openModel, readModelFile } = await import("../examining/model.ts");
  const { examinedTraffic } = await import("../examining/windows.ts");
  const { seenBefore } = await import("../seen-before.ts");
  const output = createOutput(options.json);
  const config = configurationOf(options);
  const { seed, planner, policy } = config;
  const { windows, masks, workers } = options;
  const file = readModelFile(options.model, options.backend);
  const model = await openModel(file);
  const steps = options.steps ?? policy.horizonSteps;
  const asked = { file, drivers: options.driver, planning: { planner, policy }, windows, steps, masks, seed };
  const drivers = await openDrivers(model, asked);
  const traffic = examinedTraffic(options, config);
  for (const line of seenBefore(traffic.places, options, config)) output.note(line);
  const workerData: ForesightPlan = { ...asked, traffic };
  const foreseer = openForesight(model, drivers, workerData);
  const module = new URL("../examining/foresight-worker.ts", import.meta.url);
  const foresights = await withExaminingCrew({ module, workerData, workers }, (crew) =>
    ask(foreseer, "foresight", foresightSeconds(workerData), crew),
  );
  model.dispose();
  const { hinge } = policy.uncertainty;
  const rows = examination.foresightRows(drivers, foresights, {
    hinge,
    stepSeconds: stepSeconds(model.config),
    rng: foresightRng(workerData).fork("intervals"),
  });
  const { family, latent } = model.config;
  const { proximity, lane, offroad } = policy.weights;
  const result = {
    model: options.model,
    family,
    latent,
    data: traffic.recordings.map(({ name }) => name),
    split: options.split,
    seed,
    masks,
    hinge,
    weights: { proximity, lane, offroad },
    usual: foresights.usual,
    rows,
  };
  for (const line of examination.foresightLines(rows)) output.print(line);
  output.result(result);
  if (options.out === undefined) return;
  const command =
    `headway foresee --model ${options.model} --driver ${options.driver.join(" ")} --data ${traffic.places.join(" ")} ` +
    `--split ${options.split} --windows ${windows} --masks ${masks} --steps ${steps}${settingWords(options, seed)}`;
  const page = examination.foresightPage(rows, { ...result, command });
  writeReport(output, options.out, "foresight", result, page);
}

import { type Command, Option } from "commander";
import { createRng, InputError } from "../../core/index.ts";
import type { Foreseen } from "../../examination/index.ts";
import { readFile } from "../files.ts";
import {
  addBackendOption,
  addCommonOptions,
  addHeldOutOptions,
  type BackendOption,
  type CommonOptions,
  folderToWrite,
  type HeldOutOptions,
  positiveNumber,
  wholeNumberFrom,
} from "../options.ts";
import { createOutput } from "../output.ts";
import { shippedModel } from "../places.ts";
import { writeReport } from "../report-files.ts";

interface ForeseeOptions extends BackendOption, CommonOptions, HeldOutOptions {
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
    addBackendOption,
  ).action(foresee);
}

async function foresee(options: ForeseeOptions): Promise<void> {
  const { configurationOf } = await import("../configuration.ts");
  const { openForeseen } = await import("../foreseen.ts");
  const { examinedTraffic, examinedWindows } = await import("../examined-windows.ts");
  const { loadForwardModel, stepSeconds } = await import("../../forward-model/index.ts");
  const examination = await import("../../examination/index.ts");
  const { startBackend } = await import("../backend.ts");
  const { withProgress } = await import("../progress.ts");
  const output = createOutput(options.json);
  const config = configurationOf(options);
  const { seed, policy } = config;
  const bytes = readFile(options.model, "a forward model");
  await startBackend(options.backend);
  const model = loadForwardModel(bytes, options.model);
  const steps = options.steps ?? policy.horizonSteps;
  const drivers: Foreseen[] = [];
  for (const name of options.driver) {
    drivers.push(await openForeseen(name, options.backend, config, model, steps));
  }
  const traffic = examinedTraffic(options, config);
  const { places, recordings } = traffic;
  const { heldOut, training } = examinedWindows(traffic, model.config, steps);
  if (training === null) {
    throw new InputError(
      `${places.join(", ")}: expected windows with ${steps} steps to come in the train split, to tell which doubt is usual, got none.`,
    );
  }
  const rng = createRng(seed).fork(`foresee/${options.split}`);
  const foresights = withProgress({ label: "foresee", total: 100, unit: "%" }, (progress) =>
    examination.foresee(model, { training, heldOut }, drivers, {
      windows: options.windows,
      usualWindows: policy.uncertainty.calibrationWindows,
      steps,
      masks: options.masks,
      weights: policy.weights,
      proximity: policy.proximity,
      rng,
      onProgress: (fraction) => progress.update(Math.round(100 * fraction)),
    }),
  );
  model.dispose();
  const { hinge } = policy.uncertainty;
  const rows = examination.foresightRows(drivers, foresights, {
    hinge,
    stepSeconds: stepSeconds(model.config),
    rng: rng.fork("intervals"),
  });
  const { family, latent } = model.config;
  const { proximity, lane, offroad } = policy.weights;
  const result = {
    model: options.model,
    family,
    latent,
    data: recordings.map(({ name }) => name),
    split: options.split,
    seed,
    masks: options.masks,
    hinge,
    weights: { proximity, lane, offroad },
    usual: foresights.usual,
    rows,
  };
  if (options.out !== undefined) {
    const command =
      `headway foresee --model ${options.model} --driver ${options.driver.join(" ")} --data ${places.join(" ")} ` +
      `--split ${options.split} --windows ${options.windows} --masks ${options.masks} --steps ${steps} --seed ${seed}`;
    writeReport(
      output,
      options.out,
      "foresight",
      result,
      examination.foresightPage(rows, { ...result, command }),
    );
  }
  for (const line of examination.foresightLines(rows)) output.print(line);
  output.result(result);
}

import { type Command, Option } from "commander";
import type { Overrides } from "../../core/index.ts";
import type { PolicyMethodName } from "../../policy/index.ts";
import { interruptible } from "../interrupt.ts";
import { policyMethodStories } from "../method-stories.ts";
import {
  addCommonOptions,
  addMachineOptions,
  type CommonOptions,
  folderToWrite,
  positiveNumber,
  type MachineOptions,
} from "../options.ts";
import { createOutput } from "../output.ts";
import type { TrainingRequest, TrainingSummary } from "../trainings.ts";

interface TrainOptions extends CommonOptions, MachineOptions {
  readonly data?: readonly string[];
  readonly run: string;
}

interface ModelOptions extends TrainOptions {
  readonly family?: string;
  readonly latent?: string;
  readonly from?: string;
}

interface PolicyOptions extends TrainOptions {
  readonly method: PolicyMethodName;
  readonly model: string;
  readonly horizon?: number;
  readonly from?: string;
}

const table = (rows: { readonly [name: string]: string }): string =>
  Object.entries(rows)
    .map(([name, text]) => `  ${name.padEnd(12)}${text}`)
    .join("\n");

export function registerTrain(program: Command): void {
  const train = program
    .command("train")
    .description("train a forward model or a policy; the same command resumes");
  addTrainingOptions(train.command("model").description("learn how traffic goes on"))
    .addOption(
      new Option("--family <name>", "how the ego's action enters").choices([
        "separated",
        "coupled",
        "kinematic",
      ]),
    )
    .addOption(
      new Option("--latent <name>", "what the past does not tell").choices([
        "none",
        "vae",
        "vae-learned",
        "een",
        "noisy",
        "sparse",
        "discrete",
      ]),
    )
    .option("--from <file>", "a model to start from, as far as the two agree: mostly one without latent")
    .action(model);
  addTrainingOptions(train.command("policy").description("learn to drive, inside a model or from records"))
    .addOption(
      new Option("--method <name>", "how to learn").choices(Object.keys(policyMethodStories)).default("mpur"),
    )
    .requiredOption("--model <file>", "the forward model to learn in")
    .option("--horizon <steps>", "imagined steps", positiveNumber)
    .option("--from <file>", "a policy to start from: shipped, or a file (default: from scratch)")
    .addHelpText("after", () => `\nMethods:\n${table(policyMethodStories)}`)
    .action(policy);
}

function addTrainingOptions(command: Command): Command {
  return addCommonOptions(command, addMachineOptions)
    .requiredOption("--run <folder>", "where the run lives", folderToWrite)
    .option(
      "--data <place...>",
      "recordings (us101 ships), or folders of them (default: made as the configuration says)",
    );
}

async function model(options: ModelOptions): Promise<void> {
  const { checkForwardModel, trainModel } = await import("../trainings.ts");
  if (options.from !== undefined) await checkForwardModel(options.from, options.backend);
  const forwardModel = { ...defined("family", options.family), ...defined("latent", options.latent) };
  const request = await requestOf(options, { forwardModel });
  report(
    options,
    await interruptible((signal) => trainModel({ ...request, from: options.from ?? null, signal })),
  );
}

async function policy(options: PolicyOptions): Promise<void> {
  const { checkMethod, policyMethods } = await import("../../policy/index.ts");
  const { checkForwardModel, checkPolicy, trainPolicy } = await import("../trainings.ts");
  const { fileOfPolicy } = await import("../drivers.ts");
  const { method, model: modelPath } = options;
  const model = await checkForwardModel(modelPath, options.backend);
  const from = options.from === undefined ? null : fileOfPolicy(options.from);
  if (from !== null) await checkPolicy(from, options.backend);
  const request = await requestOf(options, { policy: defined("horizonSteps", options.horizon) });
  checkMethod(policyMethods[method], request.config.policy, model);
  report(
    options,
    await interruptible((signal) => trainPolicy({ ...request, method, modelPath, from, signal })),
  );
}

async function requestOf(options: TrainOptions, flags: Overrides): Promise<Omit<TrainingRequest, "signal">> {
  const { configurationOf } = await import("../configuration.ts");
  const { configuredData, namedData } = await import("../training-data.ts");
  const config = configurationOf(options, flags);
  const { run } = options;
  const generates = options.data === undefined;
  const data = options.data === undefined ? configuredData(config, run) : namedData(options.data);
  return { config, options, data, generates, run, note: createOutput(options.json).note };
}

function report(options: TrainOptions, summary: TrainingSummary): void {
  const output = createOutput(options.json);
  const { checkpoint, updates, loss, driving } = summary;
  const verdict =
    driving === undefined
      ? `validation loss ${loss.validation?.toPrecision(3) ?? "unknown"}`
      : `validation success ${(100 * driving.success).toFixed(1)} %`;
  output.print(`${checkpoint}: ${updates} updates, ${verdict}.`);
  output.result(summary);
}

function defined(key: string, value: unknown): Overrides {
  return value === undefined ? {} : { [key]: value };
}

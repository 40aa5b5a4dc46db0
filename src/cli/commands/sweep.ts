import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { PolicyMethodName } from "../../policy/index.ts";
import { policyMethodStories } from "../method-stories.ts";
import { readFile, writeFileAtomically } from "../files.ts";
import { interruptible } from "../interrupt.ts";
import { lockFolder } from "../lock.ts";
import {
  addCommonOptions,
  addMachineOptions,
  type CommonOptions,
  folderToWrite,
  positiveNumber,
  type MachineOptions,
} from "../options.ts";
import { createOutput } from "../output.ts";
import { openRunFolder } from "../run-folder.ts";
import { openSteps } from "../steps.ts";
import type { TrainingRequest } from "../trainings.ts";
import type { SweepPoint, SweepSetting } from "../sweeps/points.ts";

interface SweepOptions extends CommonOptions, MachineOptions {
  readonly run: string;
  readonly data?: readonly string[];
  readonly model: readonly string[];
  readonly method: readonly PolicyMethodName[];
  readonly lengths: readonly number[];
  readonly seeds: number;
  readonly updates?: number;
}

export function registerSweep(program: Command): void {
  const sweep = program.command("sweep").description("train many policies that differ in one thing");
  addCommonOptions(sweep.command("rollout-length"), addMachineOptions)
    .description(
      "success against how far ahead a policy imagines while it learns: lengths × methods × models × seeds. " +
        "The same command goes on where it stopped, and may be given more of each; what is done is kept.",
    )
    .requiredOption("--run <folder>", "where the trainings, sweep.svg and sweep.json go", folderToWrite)
    .requiredOption("--model <file...>", "forward models to learn in")
    .option("--method <names>", "methods, separated by commas", methodList, ["mpur", "svg"])
    .option(
      "--lengths <steps>",
      "rollout lengths, separated by commas; a step lasts 0.1 s × forwardModel.stepFrames of the model",
      lengthList,
      [1, 3, 5, 10, 20, 30, 40],
    )
    .option("--seeds <n>", "seeds per point, from --seed on", positiveNumber, 1)
    .option("--updates <n>", "updates of each training (default: as configured)", positiveNumber)
    .option(
      "--data <place...>",
      "recordings (us101 ships), or folders of them (default: made as the configuration says)",
    )
    .action(rolloutLength);
}

async function rolloutLength(options: SweepOptions): Promise<void> {
  const { crc32 } = await import("../../core/index.ts");
  const { checkMethod, policyMethods } = await import("../../policy/index.ts");
  const { configurationOf } = await import("../configuration.ts");
  const { configuredData, generateData, namedData } = await import("../training-data.ts");
  const { settingsOf } = await import("../sweeps/points.ts");
  const { drawSweep } = await import("../sweeps/picture.ts");
  const { checkForwardModel } = await import("../trainings.ts");
  const output = createOutput(options.json);
  const { run, updates } = options;
  const config = configurationOf(options, updates === undefined ? {} : { policy: { training: { updates } } });
  for (const file of options.model) {
    const model = await checkForwardModel(file, options.backend);
    for (const method of options.method) checkMethod(policyMethods[method], config.policy, model);
  }
  const data = options.data === undefined ? configuredData(config, run) : namedData(options.data);
  const { resumed } = openRunFolder(run, { kind: "sweep rollout-length", ...config, data });
  lockFolder(run);
  if (options.data === undefined) generateData(config, run, resumed);
  const steps = openSteps(run, output.note);
  const seeds = Array.from({ length: options.seeds }, (_, i) => config.seed + i);
  const settings = settingsOf(options.model, options.method, options.lengths, seeds);
  const points: SweepPoint[] = [];
  // Several trainings side by side make more of the cores than one that is divided among them.
  const lanes = Math.min(options.workers, settings.length);
  const request = {
    config,
    options: { ...options, workers: Math.floor(options.workers / lanes) },
    data,
    note: output.note,
  };
  const queue = settings.entries();
  await interruptible(async (interrupted) => {
    const failed = new AbortController();
    const signal = AbortSignal.any([interrupted, failed.signal]);
    const lane = async (): Promise<void> => {
      for (const [i, setting] of queue) {
        const { method, model, length, seed } = setting;
        const mark = crc32(readFile(model, "a forward model")).toString(16);
        const name = `${method}-${length}-seed-${seed}-model-${mark}`;
        const label = `${method}, ${length} steps, seed ${seed}`;
        const work = { ...request, run: join(run, name), signal, label };
        points[i] = await steps.run(name, () => pointOf(setting, work));
        // After each point, so that a sweep that runs for days can be looked at.
        const done = points.filter((point) => point !== undefined);
        writeFileAtomically(join(run, "sweep.svg"), drawSweep(done));
        writeFileAtomically(join(run, "sweep.json"), JSON.stringify({ points: done }, null, 2) + "\n");
      }
    };
    // The first failure stops the others, which save what they have, and is the one to be told.
    const stopAll = (reason: unknown): void => failed.abort(reason);
    await Promise.all(Array.from({ length: lanes }, () => lane().catch(stopAll)));
    failed.signal.throwIfAborted();
  });
  for (const { method, length, seconds, seed, success, n, meanDistance } of points) {
    const percent = (rate: number): string => (100 * rate).toFixed(1);
    output.print(
      `${method.padEnd(11)} ${String(length).padStart(3)} steps (${seconds.toFixed(1)} s), seed ${seed}: ` +
        `${percent(success.rate)} % [${percent(success.low)}, ${percent(success.high)}] of ${n}, ${meanDistance.toFixed(0)} m`,
    );
  }
  output.print(join(run, "sweep.svg"));
  output.result({ points });
}

/** Trains as `train policy` does, then drives the validation starts. */
async function pointOf(setting: SweepSetting, request: TrainingRequest): Promise<SweepPoint> {
  const { trainPolicy } = await import("../trainings.ts");
  const { openDriver } = await import("../drivers.ts");
  const { readRecording } = await import("../recordings.ts");
  const { driveValidation } = await import("../sweeps/points.ts");
  const { loadForwardModel, stepSeconds } = await import("../../forward-model/index.ts");
  const { method, model, length, seed } = setting;
  const { config, options, data } = request;
  const policy = { ...config.policy, horizonSteps: length };
  const { checkpoint } = await trainPolicy({
    ...request,
    config: { ...config, seed, policy },
    method,
    modelPath: model,
    from: null,
  });
  const driver = await openDriver(checkpoint, options.backend);
  const recordings = data.map(({ path }) => readRecording(path));
  const world = loadForwardModel(readFile(model, "a forward model"), model);
  const seconds = Number((length * stepSeconds(world.config)).toFixed(6));
  world.dispose();
  return {
    ...setting,
    seconds,
    ...driveValidation(recordings, driver, config.evaluation.episodes, config.seed),
  };
}

function lengthList(text: string): number[] {
  return text.split(",").map(positiveNumber);
}

function methodList(text: string): PolicyMethodName[] {
  const known = Object.keys(policyMethodStories);
  return text.split(",").map((name) => {
    if (known.includes(name)) return name as PolicyMethodName;
    throw new InvalidArgumentError(`expected some of ${known.join(", ")}, got "${name}".`);
  });
}

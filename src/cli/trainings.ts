import { join } from "node:path";
import { crc32 } from "../core/index.ts";
import { loadForwardModel, type ForwardModelConfig } from "../forward-model/index.ts";
import { costNames, loadPolicy, type PolicyMethodName } from "../policy/index.ts";
import { startBackend } from "./backend.ts";
import type { Config } from "./configuration.ts";
import { Interrupted } from "./errors.ts";
import { readFile } from "./files.ts";
import type { BackendChoice, MachineOptions } from "./options.ts";
import { withProgress } from "./progress.ts";
import { readRecording } from "./recordings.ts";
import { holdsRun, readSettings } from "./run-folder.ts";
import { generateData, type DataSource } from "./training-data.ts";
import { crewSize, runTraining, type TrainingOptions, type TrainingResult } from "./training/run-training.ts";

/** The file that a training of each kind leaves in its run folder. */
export const artifacts = { model: "forward-model.headway", policy: "policy.headway" } as const;

/** What both trainings need. */
export interface TrainingRequest {
  readonly config: Config;
  readonly options: MachineOptions;
  readonly data: readonly DataSource[];
  /** Whether the run generates the scenarios among its data for itself. */
  readonly generates?: boolean;
  readonly run: string;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
  /** Names the training where its progress is shown. */
  readonly label?: string;
}

/** What a finished training reports; scripts rely on the names. */
export interface TrainingSummary {
  readonly updates: number;
  readonly loss: { readonly train: number; readonly validation: number | null };
  /** Validation driving of a policy: shares of success and of the human's distance. */
  readonly driving?: { readonly success: number; readonly progress: number };
  readonly costs?: { readonly [name: string]: number };
  readonly secondsPerUpdate: number;
  readonly backend: string;
  /** How many trained: the most, of those asked for, that can share a batch evenly. */
  readonly workers: number;
  readonly checkpoint: string;
}

/**
 * Trains a forward model, or goes on where an earlier call stopped.
 * @param request.from file of a model to start from, or null
 */
export async function trainModel(
  request: TrainingRequest & { readonly from: string | null },
): Promise<TrainingSummary> {
  const { config, from } = request;
  const settings = {
    kind: "model",
    seed: config.seed,
    forwardModel: config.forwardModel,
    ...fromSetting(from, "a forward model"),
    data: request.data,
  };
  const job = { kind: "model", config: config.forwardModel, from } as const;
  const result = await train(request, "train model", config.forwardModel.training.updates, {
    job,
    settings,
    artifact: artifacts.model,
  });
  const { total, validationPrior } = numbersOf(result);
  return {
    ...common(request, result, artifacts.model),
    loss: { train: total ?? Number.NaN, validation: validationPrior ?? null },
  };
}

/**
 * Loads a forward model once and lets it go: a damaged one is refused before a run begins in its name.
 * @returns its configuration
 * @throws InputError when the file is missing, damaged or something else.
 */
export async function checkForwardModel(path: string, backend: BackendChoice): Promise<ForwardModelConfig> {
  const bytes = readFile(path, "a forward model");
  await startBackend(backend);
  const model = loadForwardModel(bytes, path);
  model.dispose();
  return model.config;
}

/** Loads a policy once and lets it go, as `checkForwardModel` does. */
export async function checkPolicy(path: string, backend: BackendChoice): Promise<void> {
  const bytes = readFile(path, "a trained policy");
  await startBackend(backend);
  loadPolicy(bytes, path).network.parameters.dispose();
}

/**
 * Trains a policy, or goes on where an earlier call stopped.
 * @param request.from file of a policy to start from, or null
 */
export async function trainPolicy(
  request: TrainingRequest & {
    readonly method: PolicyMethodName;
    readonly modelPath: string;
    readonly from: string | null;
  },
): Promise<TrainingSummary> {
  const { config, method, modelPath, from } = request;
  const model = { path: modelPath, crc32: crc32(readFile(modelPath, "a forward model")) };
  const settings = {
    kind: "policy",
    method,
    seed: config.seed,
    policy: config.policy,
    model,
    ...fromSetting(from, "a trained policy"),
    data: request.data,
  };
  const job = { kind: "policy", method, config: config.policy, modelPath, from } as const;
  const result = await train(request, `train ${method}`, config.policy.training.updates, {
    job,
    settings,
    artifact: artifacts.policy,
  });
  const numbers = numbersOf(result);
  const costs = costNames.flatMap((name) => (name in numbers ? [[name, numbers[name]!] as const] : []));
  return {
    ...common(request, result, artifacts.policy),
    loss: { train: numbers["total"] ?? Number.NaN, validation: null },
    driving: {
      success: numbers["validationSuccess"] ?? Number.NaN,
      progress: numbers["validationProgress"] ?? Number.NaN,
    },
    ...(costs.length > 0 && { costs: Object.fromEntries(costs) }),
  };
}

async function train(
  request: TrainingRequest,
  label: string,
  updates: number,
  what: Pick<TrainingOptions, "job" | "settings" | "artifact">,
): Promise<TrainingResult> {
  const { run, config, options, data, signal, note } = request;
  const settings = withTraffic(what.settings, request);
  const begun = holdsRun(run, settings);
  if (request.generates === true) generateData(config, run, begun);
  // Each worker reads them for itself; read here first, bad ones are refused at once.
  for (const { path } of data) readRecording(path);
  if (begun) note(`${run}: going on with the run that is there.`);
  const crew = crewSize(what.job, options.workers);
  if (crew < options.workers) {
    const { batchSize } = what.job.config.training;
    note(
      `${crew} of ${options.workers} workers train: they share every batch of ${batchSize} windows evenly.`,
    );
  }
  const shown = { label: request.label ?? label, total: updates, unit: "updates", fromFirstUpdate: true };
  const result = await withProgress(shown, (progress) =>
    runTraining({
      ...what,
      settings,
      seed: config.seed,
      backend: options.backend,
      workers: options.workers,
      recordings: data,
      runPath: run,
      signal,
      onReport: ({ update, metrics }) =>
        progress.update(update, `loss ${Number(metrics["total"]).toPrecision(3)}`),
    }),
  );
  if (result.backend === "cpu" && options.backend === "auto") {
    note("The wasm backend does not start here; the plain one in use is hundreds of times slower.");
  }
  if (!result.finished) {
    throw new Interrupted(
      `Stopped and saved after update ${result.update} of ${updates} in ${run}; the same command goes on from there.`,
    );
  }
  return result;
}

/** Where a training starts from is among its settings. */
const fromSetting = (from: string | null, what: string): object =>
  from === null ? {} : { from: { path: from, crc32: crc32(readFile(from, what)) } };

/** What a run generates is among its settings, but for runs from before it was: they go on as they began. */
function withTraffic(settings: object, { config, generates, run }: TrainingRequest): object {
  const { scenarios, recordings: _, recordingWeight: __, ...traffic } = config.traffic;
  const began = readSettings(run);
  const isFromBefore = began !== undefined && !("traffic" in began);
  return generates !== true || scenarios.length === 0 || isFromBefore ? settings : { ...settings, traffic };
}

function common(
  { run }: TrainingRequest,
  result: TrainingResult,
  artifact: string,
): Pick<TrainingSummary, "updates" | "secondsPerUpdate" | "backend" | "workers" | "checkpoint"> {
  return {
    updates: result.update,
    secondsPerUpdate: result.secondsPerUpdate,
    backend: result.backend,
    workers: result.workers,
    checkpoint: join(run, artifact),
  };
}

/** The metrics by name. */
function numbersOf(result: TrainingResult): { readonly [name: string]: number } {
  return result.metrics as unknown as { readonly [name: string]: number };
}

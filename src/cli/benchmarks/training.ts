import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRng } from "../../core/index.ts";
import { createForwardModel, encodeForwardModel } from "../../forward-model/index.ts";
import { startBackend } from "../backend.ts";
import type { BenchOptions, BenchResult } from "../commands/bench.ts";
import { type Config, configurationOf } from "../configuration.ts";
import { writeFileAtomically } from "../files.ts";
import { openRunFolder } from "../run-folder.ts";
import { configuredData, generateData } from "../training-data.ts";
import { runTraining, type TrainingOptions } from "../training/run-training.ts";

/** Updates before the clock starts: kernels are compiled and memory is taken in the first ones. */
const untimedOf = ({ updates }: BenchOptions): number => Math.min(3, updates);
/** With one more at the end, which validates. */
const allOf = (options: BenchOptions): number => untimedOf(options) + options.updates + 1;
/** Enough traffic to have a start for the validation that every training prepares. */
const minutes = 10;

/** Seconds per update of a forward model at the full horizon. */
export function benchModel(options: BenchOptions): Promise<BenchResult> {
  const config = configurationOf(options, {
    traffic: { scenarios: ["free-flow"], recordings: [], minutes },
    forwardModel: { training: { updates: allOf(options), checkpointUpdates: 1_000_000 } },
  });
  const { batchSize, horizonSteps } = config.forwardModel.training;
  // What is validated once, after the clock has stopped, must not make the crew smaller.
  const shortened = { validationWindows: batchSize, firstHorizonSteps: horizonSteps };
  const training = { ...config.forwardModel.training, ...shortened };
  const job = { kind: "model", config: { ...config.forwardModel, training }, from: null } as const;
  return timeTraining(options, config, batchSize * horizonSteps, () => job);
}

/** Seconds per update of MPUR, its imagined worlds and replicas included. */
export function benchPolicy(options: BenchOptions): Promise<BenchResult> {
  const config = configurationOf(options, {
    traffic: { scenarios: ["free-flow"], recordings: [], minutes },
    policy: {
      // What doubt is usual changes what an update costs the policy, not how long it takes.
      uncertainty: { calibrationWindows: 2 },
      training: { updates: allOf(options), checkpointUpdates: 1_000_000, validationStarts: 1 },
    },
  });
  const { policy, forwardModel } = config;
  return timeTraining(options, config, policy.training.batchSize * policy.horizonSteps, async (folder) => {
    // What a model has learned makes no difference to how long it takes.
    await startBackend(options.backend);
    const model = createForwardModel(forwardModel, createRng(config.seed));
    const modelPath = join(folder, "forward-model.headway");
    writeFileAtomically(modelPath, encodeForwardModel(model));
    model.dispose();
    return { kind: "policy", method: "mpur", config: policy, modelPath, from: null };
  });
}

async function timeTraining(
  options: BenchOptions,
  config: Config,
  sampleSteps: number,
  jobIn: (folder: string) => TrainingOptions["job"] | Promise<TrainingOptions["job"]>,
): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "headway-bench-"));
  try {
    const settings = { kind: "bench" };
    const run = openRunFolder(join(folder, "run"), settings);
    generateData(config, folder, false);
    const untimed = untimedOf(options);
    let begun = 0;
    let ended = 0;
    const { backend, workers } = await runTraining({
      job: await jobIn(folder),
      seed: config.seed,
      backend: options.backend,
      workers: options.workers,
      recordings: configuredData(config, folder),
      runPath: run.path,
      settings,
      artifact: "result.headway",
      signal: new AbortController().signal,
      onReport({ update }) {
        if (update === untimed) begun = performance.now();
        if (update === untimed + options.updates) ended = performance.now();
      },
    });
    const secondsPerUpdate = (ended - begun) / 1000 / options.updates;
    const { preset } = options;
    const secondsPerSampleStep = secondsPerUpdate / sampleSteps;
    return {
      result: { secondsPerUpdate, secondsPerSampleStep, preset, workers, backend },
      line:
        `${secondsPerUpdate.toFixed(3)} s per update, ${(1000 * secondsPerSampleStep).toFixed(2)} ms per window and step ` +
        `(preset ${preset}, ${workers} workers, ${backend}).`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

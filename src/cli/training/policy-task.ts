import { createRng, InputError, type Rng } from "../../core/index.ts";
import { splits, type WindowNeeds, type WindowSampler } from "../../episodes/index.ts";
import { findStarts, runEpisodes } from "../../evaluation/index.ts";
import type { ForwardModel } from "../../forward-model/index.ts";
import {
  calibrateUncertainty,
  checkMethod,
  createPolicyDriver,
  createPolicyNetwork,
  drawPolicyWindows,
  encodePolicy,
  learnCosts,
  learnedCosts,
  policyMethods,
  warmStartPolicy,
  windowOptions,
  type Policy,
  type PolicyConfig,
  type PolicyMethod,
  type PolicyMethodName,
  type PolicyWindows,
  type LearnedCosts,
  type Price,
  type UncertaintyCalibration,
} from "../../policy/index.ts";
import { learningRates } from "../../tensor/index.ts";
import { marginOf, shareOf, windowsOf, type TrainingData } from "./model-task.ts";
import { inParts } from "./parts.ts";
import type { TrainingTask } from "./task.ts";

export interface PolicyTaskOptions {
  readonly method: PolicyMethodName;
  readonly config: PolicyConfig;
  readonly model: ForwardModel;
  /** A policy to start from, and the name of its file; null for a start from scratch. */
  readonly from: { readonly teacher: Policy; readonly where: string } | null;
  readonly seed: number;
  readonly data: readonly TrainingData[];
  readonly rank: number;
  readonly size: number;
}

export function createPolicyTask(options: PolicyTaskOptions): TrainingTask {
  const { config, model, from, seed, data, rank, size } = options;
  const { training } = config;
  const method: PolicyMethod = policyMethods[options.method];
  checkMethod(method, config, model.config);
  const rng = createRng(seed).fork(`policy ${options.method}`);
  const view = {
    pixels: model.config.pixels,
    contextFrames: model.config.contextFrames,
    stepFrames: model.config.stepFrames,
  };
  const network = createPolicyNetwork(config, view, rng.fork("parameters"));
  if (from !== null) warmStartPolicy(network, from.teacher, from.where);
  const horizon = method.imagines ? config.horizonSteps : 1;
  const needs: WindowNeeds = {
    pastFrames: model.config.stepFrames * (model.config.contextFrames - 1),
    futureFrames: model.config.stepFrames * horizon,
    margin: marginOf(model.config.pixels),
  };
  const sampler = windowsOf(data, "train", needs, model.config.pixels);
  const share = shareOf(training.batchSize, rank, size);
  const learned = config.costs.learned ? learn(options, sampler, rng.fork("costs")) : null;
  const price: Price | undefined =
    learned === null
      ? undefined
      : (spec, sizes, steps) => learnedCosts(learned.regressor, spec, sizes, steps);
  const calibration =
    method.doubtWeight(config) > 0 ? calibrate(options, sampler, rng.fork("calibration"), price) : null;
  const policy: Policy = { name: options.method, config, view, network, calibration };
  const driver = createPolicyDriver(policy);
  const shown = { ...windowOptions(method, config), ...(method.strays && { driver }) };
  const apprentice = { policy: network, model, config, calibration, price };
  return {
    parameters: network.parameters,
    updates: training.updates,
    checkpointUpdates: training.checkpointUpdates,
    gradientClip: training.gradientClip,
    averaging: training.averaging,
    reportNames: method.reportNames,
    validationNames: ["validationSuccess", "validationProgress"],
    learningRate: learningRates(training),
    gradient(update, into) {
      const own = rng.fork(`update ${update}`);
      return inParts(share, training.windowsAtOnce ?? share.count, into, (first, count, into) => {
        const windows = drawPolicyWindows(
          sampler,
          model.config,
          training,
          own.fork("windows"),
          first,
          count,
          shown,
        );
        return method.gradient(apprentice, { windows, first }, own.fork("noise"), into);
      });
    },
    validate: validation(options, policy, rng.fork("validation")),
    score: ([success, progress]) => success! + 0.01 * progress!,
    encode: () => encodePolicy(policy),
    dispose() {
      network.parameters.dispose();
      learned?.regressor.parameters.dispose();
    },
  };
}

/** The same in every worker, from the same windows: as far as a policy may go, recorded starts and pushed ones. */
function learn({ config, model }: PolicyTaskOptions, sampler: WindowSampler, rng: Rng): LearnedCosts {
  const { batchSize } = config.training;
  const batches = function* (): Generator<PolicyWindows> {
    for (let batch = 0; batch < config.costs.updates; batch++) {
      const first = batch * batchSize;
      yield drawPolicyWindows(sampler, model.config, config.training, rng.fork("windows"), first, batchSize, {
        futureSteps: 0,
        perturb: true,
      });
    }
  };
  return learnCosts(model, config, batches(), rng);
}

/** The same in every worker, from the same windows. */
function calibrate(
  { config, model }: PolicyTaskOptions,
  sampler: WindowSampler,
  rng: Rng,
  price: Price | undefined,
): UncertaintyCalibration {
  const batch = 16;
  const batches = function* (): Generator<PolicyWindows> {
    for (let first = 0; first < config.uncertainty.calibrationWindows; first += batch) {
      const count = Math.min(batch, config.uncertainty.calibrationWindows - first);
      yield drawPolicyWindows(sampler, model.config, config.training, rng.fork("windows"), first, count, {
        futureSteps: 0,
        perturb: false,
      });
    }
  };
  return calibrateUncertainty(model, config, batches(), rng.fork("noise"), price);
}

/**
 * Drives this worker's share of the validation starts of every recording that has some; success and progress, each
 * recording alike.
 * @throws InputError when no recording has any: a checkpoint could not be chosen
 */
function validation(
  { config, data, rank, size }: PolicyTaskOptions,
  policy: Policy,
  rng: Rng,
): () => number[] {
  const all = data.map(({ recording }, i) => {
    const starts = findStarts(recording, splits(recording).validation, {
      limit: config.training.validationStarts,
      rng: rng.fork(`starts ${i}`),
    });
    return { recording, starts: starts.filter((_, k) => k % size === rank), total: starts.length };
  });
  const sets = all.filter(({ total }) => total > 0);
  if (sets.length === 0) {
    throw new InputError(
      `${data.map(({ recording }) => recording.name).join(", ")}: expected validation starts in at least one ` +
        "recording, got none; record more minutes.",
    );
  }
  return () => {
    let success = 0;
    let progress = 0;
    for (const { recording, starts, total } of sets) {
      const results = runEpisodes({
        recording,
        starts,
        driver: createPolicyDriver(policy),
        rng: rng.fork("drive"),
      });
      // Averaged over workers, these become means over all starts of the recording.
      success += (results.filter(({ cause }) => cause === "finished").length * size) / total / sets.length;
      progress += (results.reduce((sum, result) => sum + result.progress, 0) * size) / total / sets.length;
    }
    return [success, progress];
  };
}

import { createRng } from "../../core/index.ts";
import { createWindowSampler, splits, type Recording, type WindowSource } from "../../episodes/index.ts";
import {
  createForwardModel,
  disposeNoise,
  drawNoise,
  drawWorldWindows,
  encodeForwardModel,
  evaluateWorld,
  horizonAt,
  modelGradient,
  modelLossNames,
  type ForwardModelConfig,
} from "../../forward-model/index.ts";
import { pixelSpecs } from "../../sim/index.ts";
import { learningRates } from "../../tensor/index.ts";
import type { TrainingTask } from "./task.ts";

/** A recording to learn from, and how often it is drawn relative to the others. */
export interface TrainingData {
  readonly recording: Recording;
  readonly weight: number;
}

/** The share of worker `rank` of `size` in `total` windows. */
export function shareOf(total: number, rank: number, size: number): { first: number; count: number } {
  if (total % size !== 0) {
    throw new Error(`expected a batch that ${size} workers can share evenly, got ${total} windows`);
  }
  return { first: (rank * total) / size, count: total / size };
}

/** The split of every recording as sources of windows. */
export function sourcesOf(data: readonly TrainingData[], split: "train" | "validation"): WindowSource[] {
  return data.map(({ recording, weight }) => ({ recording, weight, range: splits(recording)[split] }));
}

/** Stretch of road that must be known around an ego [m]: half the grid. */
export function marginOf(pixels: ForwardModelConfig["pixels"]): number {
  const spec = pixelSpecs[pixels];
  return (spec.height * spec.metersPerRow) / 2;
}

export function createModelTask(
  config: ForwardModelConfig,
  seed: number,
  data: readonly TrainingData[],
  rank: number,
  size: number,
): TrainingTask {
  const { training } = config;
  const rng = createRng(seed).fork("forward model");
  const model = createForwardModel(config, rng.fork("parameters"));
  const needs = {
    pastFrames: config.stepFrames * (config.contextFrames - 1),
    futureFrames: config.stepFrames * training.horizonSteps,
    margin: marginOf(config.pixels),
  };
  const spec = pixelSpecs[config.pixels];
  const sampler = createWindowSampler(sourcesOf(data, "train"), needs, spec);
  const validationSampler = createWindowSampler(sourcesOf(data, "validation"), needs, spec);
  const share = shareOf(training.batchSize, rank, size);
  const held = shareOf(training.validationWindows, rank, size);
  return {
    parameters: model.parameters,
    updates: training.updates,
    checkpointUpdates: training.checkpointUpdates,
    gradientClip: training.gradientClip,
    reportNames: [...modelLossNames, "total"],
    validationNames: ["validationPrior", "validationCopy"],
    learningRate: learningRates(training),
    gradient(update, into) {
      const own = rng.fork(`update ${update}`);
      const steps = horizonAt(training, update);
      const windows = drawWorldWindows(sampler, config, steps, own.fork("windows"), share.first, share.count);
      const shape = { batch: share.count, steps, dropout: config.dropoutRate > 0 };
      const report = modelGradient(
        model,
        windows,
        drawNoise(config, shape, own.fork("noise"), share.first),
        into,
      );
      return [report.image, report.kl, report.total];
    },
    validate() {
      const own = rng.fork("validation");
      const steps = training.horizonSteps;
      const batch = Math.min(16, held.count);
      let prior = 0;
      let copy = 0;
      for (let first = held.first; first < held.first + held.count; first += batch) {
        const count = Math.min(batch, held.first + held.count - first);
        const windows = drawWorldWindows(validationSampler, config, steps, own.fork("windows"), first, count);
        const noise = drawNoise(config, { batch: count, steps, dropout: false }, own.fork("noise"), first);
        const errors = evaluateWorld(model, windows, noise);
        disposeNoise(noise);
        prior += (errors.predicted.reduce((sum, error) => sum + error, 0) / steps) * count;
        copy += (errors.copied.reduce((sum, error) => sum + error, 0) / steps) * count;
      }
      return [prior / held.count, copy / held.count];
    },
    score: () => null,
    encode: () => encodeForwardModel(model),
    dispose: () => model.dispose(),
  };
}

import { createRng, InputError } from "../../core/index.ts";
import {
  createWindowSampler,
  splits,
  type Recording,
  type SplitName,
  type WindowNeeds,
  type WindowSampler,
  type WindowSource,
} from "../../episodes/index.ts";
import {
  createForwardModel,
  disposeNoise,
  drawNoise,
  encodeForwardModel,
  evaluateLesson,
  horizonAt,
  klWeightAt,
  latentDropoutAt,
  modelGradient,
  modelLossNames,
  modelLossWeights,
  storeCodes,
  warmStart,
  type ForwardModel,
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
export function sourcesOf(data: readonly TrainingData[], split: SplitName): WindowSource[] {
  return data.map(({ recording, weight }) => ({ recording, weight, range: splits(recording)[split] }));
}

/**
 * The windows of a split to learn from.
 * @throws InputError where it holds none
 */
export function windowsOf(
  data: readonly TrainingData[],
  split: SplitName,
  needs: WindowNeeds,
  pixels: ForwardModelConfig["pixels"],
): WindowSampler {
  const sampler = createWindowSampler(sourcesOf(data, split), needs, pixelSpecs[pixels]);
  if (sampler.counts.some((count) => count > 0)) return sampler;
  const names = data.map(({ recording }) => recording.name).join(", ");
  throw new InputError(
    `${names}: expected vehicles that are seen for ${needs.pastFrames + 1 + needs.futureFrames} frames on end in the ` +
      `${split} split, got none; take a longer recording.`,
  );
}

/** Stretch of road that must be known around an ego [m]: half the grid. */
export function marginOf(pixels: ForwardModelConfig["pixels"]): number {
  const spec = pixelSpecs[pixels];
  return (spec.height * spec.metersPerRow) / 2;
}

/** @param from a model to start from, and the name of its file; null for a start from scratch */
export function createModelTask(
  config: ForwardModelConfig,
  from: { readonly teacher: ForwardModel; readonly where: string } | null,
  seed: number,
  data: readonly TrainingData[],
  rank: number,
  size: number,
): TrainingTask {
  const { training } = config;
  const rng = createRng(seed).fork("forward model");
  const model = createForwardModel(config, rng.fork("parameters"));
  if (from !== null) warmStart(model, from.teacher, from.where);
  const needs = {
    pastFrames: config.stepFrames * (config.contextFrames - 1),
    futureFrames: config.stepFrames * training.horizonSteps,
    margin: marginOf(config.pixels),
  };
  const sampler = windowsOf(data, "train", needs, config.pixels);
  const validationSampler = windowsOf(data, "validation", needs, config.pixels);
  const share = shareOf(training.batchSize, rank, size);
  const held = shareOf(training.validationWindows, rank, size);
  return {
    parameters: model.parameters,
    updates: training.updates,
    checkpointUpdates: training.checkpointUpdates,
    gradientClip: training.gradientClip,
    averaging: training.averaging,
    reportNames: [...modelLossNames, "total"],
    // How much less wrong a prediction is when its latents are told the future: near zero, the latent has collapsed.
    validationNames: ["validationPrior", "validationTold", "validationCopy", "latentGain"],
    learningRate: learningRates(training),
    gradient(update, into) {
      const own = rng.fork(`update ${update}`);
      const steps = horizonAt(training, update);
      const lesson = model.drawLesson(sampler, steps, own.fork("windows"), share.first, share.count);
      const shape = { batch: share.count, steps, dropout: config.dropoutRate > 0 };
      const withheld = { ...config, latentDropout: latentDropoutAt(config, update) };
      const noise = drawNoise(withheld, shape, own.fork("noise"), share.first);
      const weights = modelLossWeights({ ...config, klWeight: klWeightAt(config, update) });
      const report = modelGradient(model, lesson, noise, into, weights);
      return [...modelLossNames.map((name) => report[name]), report.total];
    },
    validate() {
      learnCodes();
      const own = rng.fork("validation");
      const steps = training.horizonSteps;
      const batch = Math.min(16, held.count);
      let prior = 0;
      let told = 0;
      let copy = 0;
      for (let first = held.first; first < held.first + held.count; first += batch) {
        const count = Math.min(batch, held.first + held.count - first);
        const lesson = model.drawLesson(validationSampler, steps, own.fork("windows"), first, count);
        const noise = drawNoise(config, { batch: count, steps, dropout: false }, own.fork("noise"), first);
        const errors = evaluateLesson(lesson, noise);
        disposeNoise(noise);
        const share = count / steps / held.count;
        prior += share * sum(errors.predicted);
        told += share * sum(errors.told);
        copy += share * sum(errors.copied);
      }
      return [prior, told, copy, 1 - told / prior];
    },
    score: () => null,
    encode() {
      learnCodes();
      return encodeForwardModel(model);
    },
    dispose: () => model.dispose(),
  };

  /** The same in every worker, from the same windows. */
  function learnCodes(): void {
    const own = rng.fork("codes");
    const [batch, steps] = [16, training.horizonSteps];
    const noise = drawNoise(config, { batch, steps, dropout: false }, own.fork("noise"));
    const lessons = function* () {
      for (let first = 0; ; first += batch) {
        yield { lesson: model.drawLesson(sampler, steps, own.fork("windows"), first, batch), noise };
      }
    };
    storeCodes(model, lessons());
    disposeNoise(noise);
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

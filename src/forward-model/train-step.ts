import * as tf from "@tensorflow/tfjs";
import { valueAndGradient } from "../tensor/index.ts";
import type { ForwardModelConfig } from "./config.ts";
import { modelLosses, modelLossNames, modelLossWeights, type ModelLossName } from "./losses.ts";
import type { ForwardModel, Lesson } from "./model.ts";
import { disposeNoise, type RolloutNoise } from "./noise.ts";

export type ModelStepReport = { readonly [Name in ModelLossName | "total"]: number };

/**
 * Loss of one batch and its gradient with respect to the model's parameters, written to `gradient`.
 *
 *     loss = Σ over losses of weight · loss
 *
 * Takes over `noise` and frees it.
 */
export function modelGradient(
  model: ForwardModel,
  lesson: Lesson,
  noise: RolloutNoise,
  gradient: Float32Array,
  weights = modelLossWeights(model.config),
): ModelStepReport {
  return tf.tidy(() => {
    let report!: { readonly [Name in ModelLossName]: number };
    const total = valueAndGradient(
      () => {
        const losses = modelLosses(lesson(noise, true));
        report = Object.fromEntries(
          modelLossNames.map((name) => [name, losses[name].dataSync()[0]!]),
        ) as typeof report;
        return tf.addN(modelLossNames.map((name) => tf.mul(losses[name], weights[name]))) as tf.Scalar;
      },
      model.parameters,
      gradient,
    );
    disposeNoise(noise);
    return { ...report, total };
  });
}

/**
 * Share of the training in which update number `update` withholds the latent. Rollouts go without as long as the horizon
 * grows: a latent that is heard before the mean is known learns to be ignored, and hardly wakes again (decision 20).
 */
export function latentDropoutAt(config: ForwardModelConfig, update: number): number {
  return update < firstWithLatent(config) ? 1 : config.latentDropout;
}

/**
 * Weight of the KL divergence in update number `update`: it grows linearly from the first one that hears a latent on. A code
 * that costs from the start is given up before anybody has learned to read it. Bowman et al., "Generating Sentences
 * from a Continuous Space" (2016), section 3.1.
 */
export function klWeightAt(config: ForwardModelConfig, update: number): number {
  const { klWeight, klWarmUpUpdates } = config;
  const heard = Math.max(0, update - firstWithLatent(config));
  return heard >= klWarmUpUpdates ? klWeight : (klWeight * heard) / klWarmUpUpdates;
}

/** The first update in which a rollout may have its latent. */
function firstWithLatent({ latentDropoutOf, training }: ForwardModelConfig): number {
  if (latentDropoutOf === "step") return 0;
  let update = 0;
  while (horizonAt(training, update) < training.horizonSteps) update++;
  return update;
}

/** Unrolled steps of an update: the horizon grows linearly over the first part of the training, and never beyond its last. */
export function horizonAt(training: ForwardModelConfig["training"], update: number): number {
  const { firstHorizonSteps: first, horizonSteps: last, curriculumFraction, updates } = training;
  const progress = Math.min(1, update / Math.max(1, curriculumFraction * updates));
  return Math.min(last, Math.round(first + (last - first) * progress));
}

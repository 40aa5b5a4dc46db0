import * as tf from "@tensorflow/tfjs";
import { valueAndGradient } from "../tensor/index.ts";
import { modelLosses, type ModelLossName } from "./losses.ts";
import { rollOutWorld, type SeparatedModel } from "./world-rollout.ts";
import type { RolloutNoise } from "./noise.ts";
import { toPixelTensor, worldStart, type WorldWindows } from "./world-windows.ts";

export type ModelStepReport = { readonly [Name in ModelLossName | "total"]: number };

/**
 * Loss of one batch and its gradient with respect to the model's parameters, written to `gradient`.
 *
 *     loss = MSE + β·KL
 *
 * Takes over `noise` and frees it.
 */
export function modelGradient(
  model: SeparatedModel,
  windows: WorldWindows,
  noise: RolloutNoise,
  gradient: Float32Array,
): ModelStepReport {
  return tf.tidy(() => {
    const start = worldStart(windows, model.config);
    const target = windows.future.map((bytes) => toPixelTensor(bytes, model.config));
    let image = 0;
    let kl = 0;
    const total = valueAndGradient(
      () => {
        const losses = modelLosses(rollOutWorld(model, start, target.length, noise, target), target);
        image = losses.image.dataSync()[0]!;
        kl = losses.kl.dataSync()[0]!;
        return tf.add(losses.image, tf.mul(losses.kl, model.config.klWeight)) as tf.Scalar;
      },
      model.parameters,
      gradient,
    );
    disposeNoise(noise);
    return { image, kl, total };
  });
}

/** Unrolled steps of an update: the horizon grows linearly over the first part of the training. */
export function horizonAt(training: SeparatedModel["config"]["training"], update: number): number {
  const { firstHorizonSteps: first, horizonSteps: last, curriculumFraction, updates } = training;
  const progress = Math.min(1, update / Math.max(1, curriculumFraction * updates));
  return Math.round(first + (last - first) * progress);
}

/** Frees the tensors of a noise that nobody takes over. */
export function disposeNoise(noise: RolloutNoise): void {
  tf.dispose([...(noise.latent ?? [])]);
  if (noise.masks !== null) tf.dispose(Object.values(noise.masks));
}

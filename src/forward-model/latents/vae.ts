import * as tf from "@tensorflow/tfjs";
import { klBetween, klFromStandardNormal, reparameterize, type Gaussian } from "../gaussian.ts";
import type { Latent } from "./latent.ts";

/** Columns [B, 2 Z] → mean and bounded log-variance. */
function gaussianOf(columns: tf.Tensor2D): Gaussian {
  const [mean, logVariance] = tf.split(columns, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  return { mean, logVariance: tf.clipByValue(logVariance, -8, 4) };
}

/**
 * A variational autoencoder's latent: posterior q(z | past, next), prior N(0, I), narrow because KL(q ‖ p) costs. Where
 * training withholds steps, the posterior is the published mixture (1 − u) · q + u · N(0, I).
 */
export function vae(size: number): Latent {
  return {
    noise: { count: size, distribution: "normal" },
    encoderColumns: 2 * size,
    priorColumns: 0,
    parameters: {},
    infer(encoded, _, noise) {
      const posterior = gaussianOf(encoded);
      return { z: reparameterize(posterior, noise), kl: klFromStandardNormal(posterior), sparsity: null };
    },
    withhold: (_, noise) => noise,
    sample: (_, noise) => noise,
  };
}

/** The same with a prior p(z | past) that is learned beside it. */
export function vaeWithLearnedPrior(size: number): Latent {
  const fromPrior = (prior: tf.Tensor2D | null, noise: tf.Tensor2D): tf.Tensor2D =>
    reparameterize(gaussianOf(prior!), noise);
  return {
    noise: { count: size, distribution: "normal" },
    encoderColumns: 2 * size,
    priorColumns: 2 * size,
    parameters: {},
    infer(encoded, prior, noise) {
      const posterior = gaussianOf(encoded);
      return {
        z: reparameterize(posterior, noise),
        kl: klBetween(posterior, gaussianOf(prior!)),
        sparsity: null,
      };
    },
    withhold: fromPrior,
    sample: fromPrior,
  };
}

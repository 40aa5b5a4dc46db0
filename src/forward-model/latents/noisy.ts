import * as tf from "@tensorflow/tfjs";
import type { Latent } from "./latent.ts";

/**
 * Narrow because the code is brought to a fixed norm and noise is added, like a channel of limited power: it carries
 * at most Z / 2 · log₂(1 + 1 / σ²) bits. Scaled so that it looks like N(0, I) from afar, which is what is drawn where
 * the future is unknown. After LeCun's list of ways to limit a latent's information (2019).
 */
export function noisy(size: number, deviation: number): Latent {
  const scale = 1 / Math.sqrt(1 + deviation ** 2);
  return {
    noise: { count: size, distribution: "normal" },
    encoderColumns: size,
    priorColumns: 0,
    parameters: {},
    infer(encoded, _, noise) {
      const norm = tf.sqrt(tf.add(tf.mean(tf.square(encoded), 1, true), 1e-6));
      const code = tf.div<tf.Tensor2D>(encoded, norm);
      return { z: tf.mul(tf.add(code, tf.mul(noise, deviation)), scale), kl: null, sparsity: null };
    },
    withhold: (_, noise) => noise,
    sample: (_, noise) => noise,
  };
}

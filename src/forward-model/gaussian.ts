import * as tf from "@tensorflow/tfjs";

/** A diagonal Gaussian, [B, Z] each. */
export type Gaussian = { readonly mean: tf.Tensor2D; readonly logVariance: tf.Tensor2D };

/** mean + σ·ε, [B, Z]; ε is given. Kingma & Welling, ICLR 2014. */
export function reparameterize(gaussian: Gaussian, epsilon: tf.Tensor2D): tf.Tensor2D {
  return tf.add(gaussian.mean, tf.mul(tf.exp(tf.mul(gaussian.logVariance, 0.5)), epsilon));
}

/**
 * KL(posterior ‖ N(0, I)) in nats, summed over Z, [B]:
 *
 *     ½ Σ (μ² + σ² − 1 − log σ²)
 */
export function klFromStandardNormal({ mean, logVariance }: Gaussian): tf.Tensor1D {
  const terms = tf.sub(tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), 1), logVariance);
  return tf.mul(tf.sum(terms, 1), 0.5);
}

/**
 * KL(q ‖ p) in nats between diagonal Gaussians, summed over Z, [B]:
 *
 *     ½ Σ (log σ_p² − log σ_q² + (σ_q² + (μ_q − μ_p)²) / σ_p² − 1)
 */
export function klBetween(q: Gaussian, p: Gaussian): tf.Tensor1D {
  const spread = tf.add(tf.exp(q.logVariance), tf.squaredDifference(q.mean, p.mean));
  const relative = tf.mul(spread, tf.exp(tf.neg(p.logVariance)));
  const terms = tf.sub(tf.add(tf.sub(p.logVariance, q.logVariance), relative), 1);
  return tf.mul(tf.sum(terms, 1), 0.5);
}

import * as tf from "@tensorflow/tfjs";
import { klFromStandardNormal } from "./latent.ts";
import type { WorldRollout } from "./world-rollout.ts";

export const modelLossNames = ["image", "kl"] as const;
export type ModelLossName = (typeof modelLossNames)[number];
export type ModelLosses = { readonly [Name in ModelLossName]: tf.Scalar };

/**
 * The losses of a rollout against what really came: mean square error of the pixel states over everything, and the
 * KL divergence of the posteriors from the prior [nats], mean over windows and steps (zero where none was used).
 */
export function modelLosses(rollout: WorldRollout, target: readonly tf.Tensor4D[]): ModelLosses {
  const errors = rollout.predicted.map(
    (next, t) => tf.mean(tf.squaredDifference(next, target[t]!)) as tf.Scalar,
  );
  const divergences = rollout.posteriors.map(
    (posterior) => tf.mean(klFromStandardNormal(posterior)) as tf.Scalar,
  );
  return { image: mean(errors), kl: divergences.length > 0 ? mean(divergences) : tf.scalar(0) };
}

function mean(scalars: readonly tf.Scalar[]): tf.Scalar {
  return tf.div(
    scalars.reduce((sum, value) => tf.add(sum, value)),
    scalars.length,
  );
}

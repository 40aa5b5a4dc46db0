import * as tf from "@tensorflow/tfjs";
import type { ForwardModelConfig } from "./config.ts";
import type { Prediction } from "./model.ts";

/** Every loss that a model can be trained on; a missing term or weight is a type error. */
export const modelLossNames = ["image", "state", "kl", "sparsity"] as const;
export type ModelLossName = (typeof modelLossNames)[number];
export type ModelLosses = { readonly [Name in ModelLossName]: tf.Scalar };

/**
 * The losses of a prediction: mean square errors of the pixel states and of the ego states over everything, and means
 * over windows and inferred steps of KL divergence [nats] and magnitude of the code; zero where there is none.
 */
export function modelLosses({ predicted, target, states, inferred }: Prediction): ModelLosses {
  const ofCode = (values: readonly (tf.Tensor1D | null)[]): tf.Scalar =>
    mean(values.flatMap((value) => (value === null ? [] : [tf.mean(value) as tf.Scalar])));
  return {
    image: mean(predicted.map((next, t) => tf.mean(tf.squaredDifference(next, target[t]!)))),
    state:
      states === null
        ? tf.scalar(0)
        : mean(states.predicted.map((next, t) => tf.mean(tf.squaredDifference(next, states.target[t]!)))),
    kl: ofCode(inferred.map(({ kl }) => kl)),
    sparsity: ofCode(inferred.map(({ sparsity }) => sparsity)),
  };
}

export function modelLossWeights(config: ForwardModelConfig): { readonly [Name in ModelLossName]: number } {
  return { image: 1, state: config.stateWeight, kl: config.klWeight, sparsity: config.sparsityWeight };
}

function mean(scalars: readonly tf.Scalar[]): tf.Scalar {
  if (scalars.length === 0) return tf.scalar(0);
  return tf.div(
    scalars.reduce((sum, value) => tf.add(sum, value)),
    scalars.length,
  );
}

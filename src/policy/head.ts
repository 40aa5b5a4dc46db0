import * as tf from "@tensorflow/tfjs";
import type { Initializer } from "../tensor/index.ts";
import type { PolicyConfig } from "./config.ts";

/**
 * What a policy's last layer says about raw outputs, those that `boundActions` takes: one pair, or a distribution of pairs.
 * `out` is that layer's output, [B, columns].
 */
export interface Head {
  readonly columns: number;
  /** How that layer's biases start. */
  readonly biases: Initializer;
  /** The most likely pair, [B, 2]. */
  mode(out: tf.Tensor2D): tf.Tensor2D;
  /** A pair drawn with `noise` ~ N(0, I), [B, 2], differentiable; null where that cannot be had. */
  readonly draw: ((out: tf.Tensor2D, noise: tf.Tensor2D) => tf.Tensor2D) | null;
  /** Logarithm of the density of pairs [B, 2], [B]; null without a distribution. */
  readonly logDensity: ((out: tf.Tensor2D, raw: tf.Tensor2D) => tf.Tensor1D) | null;
}

export function createHead({ head, components }: Pick<PolicyConfig, "head" | "components">): Head {
  switch (head) {
    case "deterministic":
      return { columns: 2, biases: "zeros", mode: (out) => out, draw: (out) => out, logDensity: null };
    case "gaussian":
      return gaussian;
    case "mixture":
      return mixture(components);
  }
}

/** Logarithm of the deviation at an output of zero, and its bounds: a twentieth of the output's range and less. */
const [usual, narrowest, widest] = [-1.5, -4, 0.5];

const bounded = <T extends tf.Tensor>(x: T): T =>
  tf.clipByValue(tf.add(x, usual), narrowest, widest) as tf.Tensor as T;

/** Columns: two means, two logarithms of deviations. */
const gaussian: Head = {
  columns: 4,
  biases: "zeros",
  mode: (out) => tf.slice(out, [0, 0], [out.shape[0], 2]),
  draw(out, noise) {
    const [mean, logDeviation] = tf.split(out, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    return tf.add(mean, tf.mul(tf.exp(bounded(logDeviation)), noise));
  },
  logDensity(out, raw) {
    const [mean, logDeviation] = tf.split(out, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    return normalLogDensity(raw, mean, bounded(logDeviation));
  },
};

/**
 * Columns: K logits, K pairs of means, K pairs of logarithms of deviations. Bishop, "Mixture Density Networks" (1994). Which
 * component a draw comes from has no gradient, so nothing is drawn here.
 */
function mixture(components: number): Head {
  const K = components;
  const parts = (
    out: tf.Tensor2D,
  ): { logits: tf.Tensor2D; means: tf.Tensor3D; logDeviations: tf.Tensor3D } => {
    const B = out.shape[0];
    const [logits, means, logDeviations] = tf.split(out, [K, 2 * K, 2 * K], 1) as tf.Tensor2D[];
    return {
      logits: logits!,
      means: tf.reshape(means!, [B, K, 2]),
      logDeviations: bounded(tf.reshape(logDeviations!, [B, K, 2])),
    };
  };
  return {
    columns: 5 * K,
    // Apart from each other: components that start alike get like gradients and stay alike.
    biases: 0.5,
    mode(out) {
      const { logits, means } = parts(out);
      const heaviest = tf.cast(tf.oneHot(tf.argMax(logits, 1), K), "float32");
      return tf.sum(tf.mul(means, tf.expandDims(heaviest, 2)), 1);
    },
    draw: null,
    logDensity(out, raw) {
      const { logits, means, logDeviations } = parts(out);
      const each = normalLogDensity(tf.expandDims(raw, 1), means, logDeviations);
      return tf.sub(tf.logSumExp(tf.add(logits, each), 1), tf.logSumExp(logits, 1)) as tf.Tensor1D;
    },
  };
}

/** Of independent normals, summed over the last axis. */
function normalLogDensity<T extends tf.Tensor>(x: tf.Tensor, mean: tf.Tensor, logDeviation: tf.Tensor): T {
  const z = tf.div(tf.sub(x, mean), tf.exp(logDeviation));
  const each = tf.add(tf.add(tf.mul(tf.square(z), 0.5), logDeviation), 0.5 * Math.log(2 * Math.PI));
  return tf.neg(tf.sum(each, -1));
}

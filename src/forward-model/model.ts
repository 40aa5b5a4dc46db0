import type * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import type { WindowSampler } from "../episodes/index.ts";
import type { Parameters, ParameterSpecs } from "../tensor/index.ts";
import type { ForwardModelConfig } from "./config.ts";
import { createEgoModel } from "./ego-rollout.ts";
import type { Imagination, ImaginationStart } from "./imagination.ts";
import type { Inferred } from "./latents/index.ts";
import type { RolloutNoise } from "./noise.ts";
import { createSeparatedModel } from "./world-rollout.ts";

/** A forward model of any family: its configuration, its variables, and how it imagines and learns. */
export interface ForwardModel {
  readonly config: ForwardModelConfig;
  readonly parameters: Parameters<ParameterSpecs>;
  /**
   * Begins to imagine: latents from the prior, dropout as `noise` says. Call it before a gradient's tape begins; what
   * no action can change is predicted here. `noise` must live until the last step.
   * @param steps as many steps as `noise` has latents for
   */
  imagine(start: ImaginationStart, steps: number, noise: RolloutNoise): Imagination;
  /**
   * Latents that a known future tells of, from the posterior, T × [B, Z]; none for a model without latent. What an
   * imagination takes as `given` in place of draws from the prior.
   * @param noise what the posterior is drawn with
   */
  inferLatents(start: ImaginationStart, future: KnownFuture, noise: RolloutNoise): Float32Array[];
  /** Draws windows number `first` … `first + count − 1` of an update, as the family learns from them. */
  drawLesson(sampler: WindowSampler, steps: number, rng: Rng, first: number, count: number): Lesson;
  dispose(): void;
}

/** What came after a start, T entries each: each family looks at it in its own way. */
export interface KnownFuture {
  /** Seen from the moving frames, bytes [B, H, W, C]. */
  readonly world: readonly Uint8Array[];
  /** Seen by egos that did `actions`, [B, H, W, C] in [0, 1]. */
  readonly views: readonly Float32Array[];
  /** [B, 2], held for a step each. */
  readonly actions: readonly Float32Array[];
}

/**
 * A batch of recorded windows with their futures, asked for a prediction.
 * @param reveal whether latents come from the posterior, but for the steps of which `noise` withholds them
 */
export type Lesson = (noise: RolloutNoise, reveal: boolean) => Prediction;

/** What a model made of a batch, and what really came, in the caller's tidy. */
export type Prediction = {
  /** T × [B, H, W, C] */
  readonly predicted: readonly tf.Tensor4D[];
  readonly target: readonly tf.Tensor4D[];
  /** The picture at "now". */
  readonly last: tf.Tensor4D;
  /** One entry per step whose latent was read off the future. */
  readonly inferred: readonly Inferred[];
  /** Ego states in the network's units where the network predicts them, T × [B, 4]. */
  readonly states: {
    readonly predicted: readonly tf.Tensor2D[];
    readonly target: readonly tf.Tensor2D[];
  } | null;
};

/** Creates a model with fresh parameters drawn from `rng`. */
export function createForwardModel(config: ForwardModelConfig, rng: Rng): ForwardModel {
  return config.family === "separated" ? createSeparatedModel(config, rng) : createEgoModel(config, rng);
}

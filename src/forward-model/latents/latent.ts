import type * as tf from "@tensorflow/tfjs";
import type { ParameterSpecs } from "../../tensor/index.ts";

/** A latent read off a future that is known, and what it costs, [B] each: null where it costs nothing. */
export type Inferred = {
  /** [B, Z] */
  readonly z: tf.Tensor2D;
  /** [nats] */
  readonly kl: tf.Tensor1D | null;
  /** Mean magnitude of the code. */
  readonly sparsity: tf.Tensor1D | null;
};

/**
 * What the future holds that the past does not tell, as a vector of Z numbers per step. A latent must be too narrow to
 * carry the future itself, else a model learns to copy; kinds differ in what makes it narrow, and in where a latent
 * comes from when the future is unknown.
 */
export interface Latent {
  /** Random numbers it takes per window and step. */
  readonly noise: { readonly count: number; readonly distribution: "normal" | "uniform" };
  /** E: columns that a network's encoder of the future must give. */
  readonly encoderColumns: number;
  /** P: columns that a network's prior must give; 0 where the prior is fixed. */
  readonly priorColumns: number;
  /** Variables of its own. */
  readonly parameters: ParameterSpecs;
  /** @param encoded [B, E], @param prior [B, P] or null, @param noise [B, count] */
  infer(encoded: tf.Tensor2D, prior: tf.Tensor2D | null, noise: tf.Tensor2D): Inferred;
  /** In place of a known future that training withholds (z-dropout), [B, Z]. */
  withhold(prior: tf.Tensor2D | null, noise: tf.Tensor2D): tf.Tensor2D;
  /** Where the future is unknown, [B, Z]; `codes` [N, Z] are those that `storeCodes` has kept. */
  sample(prior: tf.Tensor2D | null, noise: tf.Tensor2D, codes: tf.Tensor | null): tf.Tensor2D;
}

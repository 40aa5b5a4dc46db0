import type * as tf from "@tensorflow/tfjs";
import type { Parameters, ParameterSpecs } from "../../tensor/index.ts";
import type { DropoutMasks } from "../noise.ts";

/** One step of a network that predicts what the ego itself will see. */
export interface EgoStepInput {
  /** Tc × [B, H, W, C], oldest first. */
  readonly pictures: readonly tf.Tensor4D[];
  /** Tc × [B, 4], oldest first. */
  readonly states: readonly tf.Tensor2D[];
  /** The same as the network's `toUnits` gives them. */
  readonly units: readonly tf.Tensor2D[];
  /** What the network's `readActions` made of the action that is held for the step. */
  readonly action: tf.Tensor4D | null;
  /** Where the action leads by the kinematics, [B, 4]; null for a network that has to find out. */
  readonly next: tf.Tensor2D | null;
}

/**
 * A network of the families in which the action is an input. The latent is asked for between its two halves, because
 * posterior and prior build on what the first half made of the present.
 */
export interface EgoNetwork<Memory = unknown, Encoding = unknown> {
  readonly parameters: Parameters<ParameterSpecs>;
  /** Whether ego states come from the kinematics rather than from the network. */
  readonly knowsKinematics: boolean;
  /** An ego state [B, 4] as the network reads it: once for all steps whose context it is in. */
  toUnits(state: tf.Tensor2D): tf.Tensor2D;
  /**
   * Reads actions, T × [B, 2], each by itself, and all that are known at once: then a large layer is fetched from memory once for
   * all of them. Null for a network to which the step says everything.
   */
  readActions(actions: readonly tf.Tensor2D[], masks: DropoutMasks | null): tf.Tensor4D[] | null;
  /** What it knows of a context besides pictures and states, Tc each; null where there is nothing. */
  begin(pictures: readonly tf.Tensor4D[], states: readonly tf.Tensor2D[], masks: DropoutMasks | null): Memory;
  encode(input: EgoStepInput, memory: Memory, masks: DropoutMasks | null): Encoding;
  /** @returns [B, E], as the latent's `infer` takes it */
  posterior(encoding: Encoding, last: tf.Tensor4D, next: tf.Tensor4D): tf.Tensor2D;
  /** @returns [B, P], or null for a fixed prior */
  prior(encoding: Encoding): tf.Tensor2D | null;
  decode(encoding: Encoding, latent: tf.Tensor2D | null, masks: DropoutMasks | null): EgoStepOutput<Memory>;
}

export type EgoStepOutput<Memory> = {
  /** [B, H, W, C] in [0, 1] */
  readonly picture: tf.Tensor4D;
  /** [B, 4] where the network predicts it. */
  readonly state: tf.Tensor2D | null;
  /** For the next step. */
  readonly memory: Memory;
};

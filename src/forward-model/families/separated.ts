import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../../core/index.ts";
import { channelCount } from "../../sim/index.ts";
import { createParameters, type Parameters, type ParameterSpecs } from "../../tensor/index.ts";
import type { ForwardModelConfig } from "../config.ts";
import type { DropoutMasks } from "../noise.ts";
import { createLatentLayers, latentSpecs, type LatentLayers } from "./latent-layers.ts";
import { createUNet, uNetSpecs, type Encoding, type Variables } from "./u-net.ts";

/**
 * The separated family: the world without the ego, seen from a frame that moves along the road at constant
 * speed. The ego's action has no part in it; the ego moves through the predicted world in closed form
 * (ego-motion.ts). After Sobal et al., "Separating the World and Ego Models for Self-Driving" (2022).
 *
 * A small U-net says how traffic moves (moving-mass.ts).
 */
export interface WorldNetwork extends Omit<LatentLayers, "join"> {
  readonly parameters: Parameters<ParameterSpecs>;
  /** Context, Tc × [B, H, W, C], with the clues [B, H, W, 4] → what is known before the latent. */
  encode(context: readonly tf.Tensor4D[], clues: tf.Tensor4D, masks: DropoutMasks | null): Encoding;
  /** Encoding and latent [B, Z] → what happens next. */
  decode(encoding: Encoding, latent: tf.Tensor2D | null, masks: DropoutMasks | null): Fields;
}

/** What a decoder says of the next step, at every pixel. */
export type Fields = {
  /** What the observed velocity of the traffic lacks, used in the first step, [B, H, W, 2] in rows and columns per step. */
  readonly correction: tf.Tensor4D;
  /** How its velocity changes in every later step, beside what it was seen to change, [B, H, W, 2] in rows and columns per step². */
  readonly acceleration: tf.Tensor4D;
};

/** The ego; momentum along and across, and force along, of everything that moves. */
const clueChannels = 4;
const headChannels = 4;
/** 1 m/s² is 0.04 rows per step²: the output is scaled so that the network works with numbers near one. */
const accelerationScale = 0.1;

/** Creates the network with fresh parameters. */
export function createWorldNetwork(config: ForwardModelConfig, rng: Rng): WorldNetwork {
  const inputs = config.contextFrames * channelCount + clueChannels;
  const specs = { ...uNetSpecs(config, inputs, headChannels), ...latentSpecs(config) };
  const parameters = createParameters<ParameterSpecs>(specs, rng);
  const v: Variables = parameters.variables;
  const uNet = createUNet(v);
  const latentLayers = createLatentLayers(config, v);
  return {
    parameters,
    encode: (context, clues, masks) => uNet.encode(tf.concat([...context, clues], 3), masks),
    posterior: latentLayers.posterior,
    prior: latentLayers.prior,
    decode(encoding, latent, masks) {
      const out = uNet.decode(latentLayers.join(encoding, latent), masks); // [B, H, W, 4]
      const [correction, acceleration] = tf.split(out, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
      return { correction, acceleration: tf.mul(acceleration, accelerationScale) };
    },
  };
}

import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../../core/index.ts";
import { channelCount, pixelSpecs } from "../../sim/index.ts";
import { createParameters, dense, type ParameterSpecs } from "../../tensor/index.ts";
import { stepSeconds, type ForwardModelConfig } from "../config.ts";
import { relativePose, warp } from "../warp.ts";
import type { EgoNetwork, EgoStepInput } from "./ego-network.ts";
import { stepFeatureCount, stepFeatures } from "./ego-step.ts";
import { createLatentLayers, latentSpecs } from "./latent-layers.ts";
import {
  createUNet,
  fineCells,
  uNetSpecs,
  type Encoding,
  type Modulate,
  type ModulatedPlace,
  type Variables,
} from "./u-net.ts";

type CompactEncoding = Encoding & {
  readonly modulate: Modulate;
  /** What the prediction is a correction of, [B, H, W, C]. */
  readonly base: tf.Tensor4D;
};

const actionWidth = 64;

/**
 * The laptop-sized network of two families. It knows the ego's next pose in closed form and says what the ego will see
 * from there: a correction of the last picture (coupled), or of that picture as it looks from the next pose
 * (kinematic). The step enters as a map added to the features and, channel by channel, as their scale and shift:
 * Perez et al., "FiLM: Visual Reasoning with a General Conditioning Layer" (2018).
 */
export function createCompactNetwork(config: ForwardModelConfig, rng: Rng): EgoNetwork<CompactEncoding> {
  const spec = pixelSpecs[config.pixels];
  const { stemChannels: stem, hiddenChannels: hidden, contextFrames } = config;
  const modulated: { readonly [Place in ModulatedPlace]: number } = { stem, fine: hidden, decoder: hidden };
  const specs: ParameterSpecs = {
    ...uNetSpecs(config, contextFrames * channelCount, channelCount, 0.001), // begins by keeping the picture
    step: { shape: [stepFeatureCount(contextFrames), actionWidth], initialize: "he" },
    stepBias: { shape: [actionWidth], initialize: "zeros" },
    stepMap: { shape: [actionWidth, fineCells(config) * hidden], initialize: 0.01 },
    ...Object.fromEntries(
      Object.entries(modulated).flatMap(([place, channels]) => [
        [`${place}Scale`, { shape: [actionWidth, channels], initialize: 0.01 }],
        [`${place}Shift`, { shape: [actionWidth, channels], initialize: 0.01 }],
      ]),
    ),
    ...latentSpecs(config),
  };
  const parameters = createParameters<ParameterSpecs>(specs, rng);
  const v: Variables = parameters.variables;
  const uNet = createUNet(v);
  const latentLayers = createLatentLayers(config, v);
  return {
    parameters,
    knowsKinematics: true,
    toUnits: (state) => state,
    posterior: latentLayers.posterior,
    prior: latentLayers.prior,
    encode(input, masks) {
      const pictures = config.family === "kinematic" ? fromNextPose(input, config) : input.pictures;
      const step = dense(stepFeatures(input, stepSeconds(config)), v["step"]!, v["stepBias"]!, { slope: 0 });
      const modulate: Modulate = (place, maps) => {
        const channels = [maps.shape[0], 1, 1, modulated[place]];
        const scale = tf.reshape(tf.add(dense(step, v[`${place}Scale`]!, null), 1), channels);
        const shift = tf.reshape(dense(step, v[`${place}Shift`]!, null), channels);
        return tf.add(tf.mul(maps, scale), shift);
      };
      const encoding = uNet.encode(tf.concat([...pictures], 3), masks, modulate);
      const map = tf.reshape(dense(step, v["stepMap"]!, null), encoding.fine.shape);
      return { ...encoding, fine: tf.add(encoding.fine, map), modulate, base: pictures.at(-1)! };
    },
    decode(encoding, latent, masks) {
      const { modulate, base } = encoding;
      const change = uNet.decode(latentLayers.join(encoding, latent), masks, modulate);
      return { picture: tf.clipByValue(tf.add(base, change), 0, 1), state: null };
    },
  };

  /**
   * Every picture of the context as it would look from the next pose if all traffic flowed with the ego's speed at the
   * first step: then vehicles in a stream stand nearly still, and what the ego does shows in closed form.
   */
  function fromNextPose(
    { pictures, states, next, flow }: EgoStepInput,
    config: ForwardModelConfig,
  ): tf.Tensor4D[] {
    return pictures.map((picture, k) => {
      const steps = pictures.length - k;
      const flowed = tf.mul(flow, steps * stepSeconds(config)); // [B, 1]
      const drift = tf.pad(flowed, [
        [0, 0],
        [0, 2],
      ]);
      const from = tf.add<tf.Tensor2D>(tf.slice(states[k]!, [0, 0], [-1, 3]), drift);
      return warp(picture, relativePose(from, next!), spec);
    });
  }
}

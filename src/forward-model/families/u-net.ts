import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../core/index.ts";
import { pixelSpecs } from "../../sim/index.ts";
import { conv, depthToSpace, dropout, spaceToDepth, type ParameterSpecs } from "../../tensor/index.ts";
import type { ForwardModelConfig } from "../config.ts";
import type { DropoutMasks } from "../noise.ts";

/** Variables by name, as a family's network looks them up. */
export type Variables = { readonly [name: string]: tf.Variable };

/** What is known of the present on two scales: [B, H/2, W/2, stem] and [B, H/4, W/4, hidden]. */
export type Encoding = { readonly stem: tf.Tensor4D; readonly fine: tf.Tensor4D };

/** Changes feature maps channel by channel, by the name of the place. */
export type Modulate = (place: ModulatedPlace, maps: tf.Tensor4D) => tf.Tensor4D;
export type ModulatedPlace = "stem" | "fine" | "decoder";

/** The part that the laptop-sized families share: a U-net on three scales, [H/2, W/2], [H/4, W/4] and [H/8, W/8]. */
export interface UNet {
  encode(frames: tf.Tensor4D, masks: DropoutMasks | null, modulate?: Modulate): Encoding;
  /** @returns [B, H, W, outputs] */
  decode(encoding: Encoding, masks: DropoutMasks | null, modulate?: Modulate): tf.Tensor4D;
}

/** Pixels of the map on which latents and actions are added. */
export function fineCells(config: Pick<ForwardModelConfig, "pixels">): number {
  const { height, width } = pixelSpecs[config.pixels];
  return (height / 4) * (width / 4);
}

/**
 * @param deviation of the last layer's first weights
 * @throws InputError for a grid whose sides cannot be halved three times
 */
export function uNetSpecs(
  config: ForwardModelConfig,
  inputs: number,
  outputs: number,
  deviation = 0.01,
): ParameterSpecs {
  const { height, width } = pixelSpecs[config.pixels];
  if (height % 8 !== 0 || width % 8 !== 0) {
    throw new InputError(
      `forwardModel.pixels: expected a grid whose sides can be halved three times, got ${config.pixels}, ` +
        `${height} × ${width}.`,
    );
  }
  const { stemChannels: stem, hiddenChannels: hidden } = config;
  return {
    stem: { shape: [4, 4, inputs, stem], initialize: "he" },
    stemBias: { shape: [stem], initialize: "zeros" },
    merge: { shape: [1, 1, 4 * stem, hidden], initialize: "he" },
    mergeBias: { shape: [hidden], initialize: "zeros" },
    fine1: { shape: [3, 3, hidden, hidden], initialize: "he" },
    fine1Bias: { shape: [hidden], initialize: "zeros" },
    down: { shape: [4, 4, hidden, hidden], initialize: "he" },
    downBias: { shape: [hidden], initialize: "zeros" },
    coarse: { shape: [3, 3, hidden, hidden], initialize: "he" },
    coarseBias: { shape: [hidden], initialize: "zeros" },
    up: { shape: [1, 1, hidden, 4 * hidden], initialize: "lecun" },
    upBias: { shape: [4 * hidden], initialize: "zeros" },
    fine2: { shape: [3, 3, hidden, hidden], initialize: "he" },
    fine2Bias: { shape: [hidden], initialize: "zeros" },
    split: { shape: [1, 1, hidden, 4 * stem], initialize: "lecun" },
    splitBias: { shape: [4 * stem], initialize: "zeros" },
    heads: { shape: [3, 3, stem, 4 * outputs], initialize: deviation },
    headsBias: { shape: [4 * outputs], initialize: "zeros" },
  };
}

/** Feature maps under dropout, for `drawNoise`. */
export function uNetDropout(config: ForwardModelConfig): { readonly [layer: string]: number } {
  return { stem: config.stemChannels, fine: config.hiddenChannels, coarse: config.hiddenChannels };
}

const unchanged: Modulate = (_, maps) => maps;

export function createUNet(v: Variables): UNet {
  const layer = (x: tf.Tensor4D, name: string, strides = 1): tf.Tensor4D =>
    conv(x, v[name]!, v[`${name}Bias`]!, { strides });
  const rectified = (x: tf.Tensor4D, name: string, strides = 1): tf.Tensor4D =>
    conv(x, v[name]!, v[`${name}Bias`]!, { strides, slope: 0 });
  return {
    encode(frames, masks, modulate = unchanged) {
      const stem = modulate("stem", dropout(rectified(frames, "stem", 2), masks?.["stem"] ?? null));
      const fine = modulate("fine", rectified(spaceToDepth(stem, 2), "merge"));
      return { stem, fine };
    },
    decode(encoding, masks, modulate = unchanged) {
      let { fine } = encoding;
      fine = tf.add(fine, dropout(rectified(fine, "fine1"), masks?.["fine"] ?? null));
      let coarse = rectified(fine, "down", 2); // [B, H/8, W/8, hidden]
      coarse = tf.add(coarse, dropout(rectified(coarse, "coarse"), masks?.["coarse"] ?? null));
      fine = tf.add(fine, depthToSpace(layer(coarse, "up"), 2));
      fine = modulate("decoder", tf.add(fine, rectified(fine, "fine2")));
      const half = tf.relu(tf.add(depthToSpace(layer(fine, "split"), 2), encoding.stem)) as tf.Tensor4D;
      return depthToSpace(layer(half, "heads"), 2);
    },
  };
}

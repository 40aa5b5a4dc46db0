import * as tf from "@tensorflow/tfjs";
import { channelCount, pixelSpecs } from "../../sim/index.ts";
import { InputError, type Rng } from "../../core/index.ts";
import {
  conv,
  createParameters,
  dense,
  depthToSpace,
  dropout,
  spaceToDepth,
  type Parameters,
  type ParameterSpecs,
} from "../../tensor/index.ts";
import type { ForwardModelConfig } from "../config.ts";
import type { Gaussian } from "../latent.ts";
import type { DropoutMasks } from "../noise.ts";

/**
 * The separated family: the world without the ego, seen from a frame that moves along the road at constant
 * speed. The ego's action has no part in it; the ego moves through the predicted world in closed form
 * (ego-motion.ts). After Sobal et al., "Separating the World and Ego Models for Self-Driving" (2022).
 *
 * A small U-net on three scales, [H/2, W/2], [H/4, W/4] and [H/8, W/8], says how traffic moves (moving-mass.ts).
 */
export interface WorldNetwork {
  readonly parameters: Parameters<ParameterSpecs>;
  /** Context, Tc × [B, H, W, C], with the clues [B, H, W, 2] of `model.ts` → what is known before the latent. */
  encode(context: readonly tf.Tensor4D[], clues: tf.Tensor4D, masks: DropoutMasks | null): Encoding;
  /** q(z | context, next pixel state). */
  posterior(encoding: Encoding, last: tf.Tensor4D, next: tf.Tensor4D): Gaussian;
  /** Encoding and latent [B, Z] → what happens next. */
  decode(encoding: Encoding, latent: tf.Tensor2D | null, masks: DropoutMasks | null): Fields;
}

export type Encoding = { readonly stem: tf.Tensor4D; readonly fine: tf.Tensor4D };

/** What a decoder says of the next step, at every pixel. */
export type Fields = {
  /** What the observed velocity of the traffic lacks, used in the first step, [B, H, W, 2] in rows and columns per step. */
  readonly correction: tf.Tensor4D;
  /** How its velocity changes in every later step, [B, H, W, 2] in rows and columns per step². */
  readonly acceleration: tf.Tensor4D;
};

const headChannels = 4;
/** 1 m/s² is 0.04 rows per step²: the output is scaled so that the network works with numbers near one. */
const accelerationScale = 0.1;
const posteriorChannels = [16, 24] as const;
const posteriorHidden = 64;

/** Creates the network with fresh parameters. */
export function createWorldNetwork(config: ForwardModelConfig, rng: Rng): WorldNetwork {
  const { height, width } = pixelSpecs[config.pixels];
  if (height % 8 !== 0 || width % 8 !== 0) {
    throw new InputError(
      `forwardModel.pixels: expected a grid whose sides can be halved three times, got ${config.pixels}, ` +
        `${height} × ${width}.`,
    );
  }
  const stem = config.stemChannels;
  const hidden = config.hiddenChannels;
  const cells = (height / 4) * (width / 4);
  const [p1, p2] = posteriorChannels;
  const specs = {
    stem: { shape: [4, 4, config.contextFrames * channelCount + 2, stem], initialize: "he" },
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
    heads: { shape: [3, 3, stem, 4 * headChannels], initialize: 0.01 },
    headsBias: { shape: [4 * headChannels], initialize: "zeros" },
    ...(config.latent === "vae" && {
      expand: { shape: [config.latentSize, cells * hidden], initialize: 0.001 },
      seen1: { shape: [4, 4, channelCount, p1], initialize: "he" },
      seen1Bias: { shape: [p1], initialize: "zeros" },
      seen2: { shape: [4, 4, p1, p2], initialize: "he" },
      seen2Bias: { shape: [p2], initialize: "zeros" },
      known: { shape: [1, 1, hidden, p2], initialize: "he" },
      posterior1: { shape: [cells * p2, posteriorHidden], initialize: "he" },
      posterior1Bias: { shape: [posteriorHidden], initialize: "zeros" },
      posterior2: { shape: [posteriorHidden, 2 * config.latentSize], initialize: 0.01 },
      posterior2Bias: { shape: [2 * config.latentSize], initialize: "zeros" },
    }),
  } satisfies ParameterSpecs as ParameterSpecs;
  const parameters = createParameters(specs, rng);
  const v = parameters.variables as { readonly [name: string]: tf.Variable };

  const layer = (x: tf.Tensor4D, name: string, strides = 1): tf.Tensor4D =>
    conv(x, v[name]!, v[`${name}Bias`]!, { strides }) as tf.Tensor4D;
  const rectified = (x: tf.Tensor4D, name: string, strides = 1): tf.Tensor4D =>
    conv(x, v[name]!, v[`${name}Bias`]!, { strides, slope: 0 }) as tf.Tensor4D;

  return {
    parameters,

    encode(context, clues, masks) {
      const frames = tf.concat([...context, clues], 3);
      const stemMap = dropout(rectified(frames, "stem", 2), masks?.["stem"] ?? null); // [B, H/2, W/2, stem]
      const fine = rectified(spaceToDepth(stemMap, 2), "merge"); // [B, H/4, W/4, hidden]
      return { stem: stemMap, fine };
    },

    posterior(encoding, last, next) {
      const seen1 = rectified(tf.sub(next, last), "seen1", 2);
      const seen2 = layer(seen1, "seen2", 2); // [B, H/4, W/4, p2]
      const known = tf.conv2d(encoding.fine, v["known"] as tf.Tensor as tf.Tensor4D, 1, "same");
      const both = tf.reshape(tf.relu(tf.add(seen2, known)), [-1, cells * p2]) as tf.Tensor2D;
      const h = dense(both, v["posterior1"]!, v["posterior1Bias"]!, { slope: 0 });
      const out = dense(h, v["posterior2"]!, v["posterior2Bias"]!);
      const [mean, logVariance] = tf.split(out, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
      return { mean, logVariance: tf.clipByValue(logVariance, -8, 4) };
    },

    decode(encoding, latent, masks) {
      let fine: tf.Tensor4D = encoding.fine;
      if (latent !== null) {
        const expanded = tf.matMul(latent, v["expand"] as tf.Tensor as tf.Tensor2D);
        fine = tf.add(fine, tf.reshape(expanded, fine.shape)) as tf.Tensor4D;
      }
      fine = tf.add(fine, dropout(rectified(fine, "fine1"), masks?.["fine"] ?? null)) as tf.Tensor4D;
      let coarse = rectified(fine, "down", 2); // [B, H/8, W/8, hidden]
      coarse = tf.add(coarse, dropout(rectified(coarse, "coarse"), masks?.["coarse"] ?? null));
      fine = tf.add(fine, depthToSpace(layer(coarse, "up"), 2));
      fine = tf.add(fine, rectified(fine, "fine2"));
      const half = tf.relu(tf.add(depthToSpace(layer(fine, "split"), 2), encoding.stem)) as tf.Tensor4D;
      const out = depthToSpace(layer(half, "heads"), 2); // [B, H, W, 4]
      const [correction, acceleration] = tf.split(out, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
      return { correction, acceleration: tf.mul(acceleration, accelerationScale) as tf.Tensor4D };
    },
  };
}

import * as tf from "@tensorflow/tfjs";
import { channelCount } from "../../sim/index.ts";
import { conv, dense, type ParameterSpecs } from "../../tensor/index.ts";
import type { ForwardModelConfig } from "../config.ts";
import { createLatent } from "../latents/index.ts";
import { fineCells, type Encoding, type Variables } from "./u-net.ts";

/** What a family's network says of the latent. */
export interface LatentLayers {
  /** What the step from `last` to `next` tells, as the latent's `infer` takes it, [B, E]. */
  posterior(encoding: Encoding, last: tf.Tensor4D, next: tf.Tensor4D): tf.Tensor2D;
  /** What the present tells of the latent, [B, P]; null for a latent whose prior is fixed. */
  prior(encoding: Encoding): tf.Tensor2D | null;
  /** Adds the latent [B, Z] to what is known. */
  join(encoding: Encoding, latent: tf.Tensor2D | null): Encoding;
}

const channels = [16, 24] as const;
const width = 64;

/** The latent's layers on top of a U-net; none without a latent. */
export function latentSpecs(config: ForwardModelConfig): ParameterSpecs {
  const latent = createLatent(config);
  if (latent === null) return {};
  const { hiddenChannels: hidden, latentSize } = config;
  const cells = fineCells(config);
  const [p1, p2] = channels;
  return {
    expand: { shape: [latentSize, cells * hidden], initialize: 0.001 },
    seen1: { shape: [4, 4, channelCount, p1], initialize: "he" },
    seen1Bias: { shape: [p1], initialize: "zeros" },
    seen2: { shape: [4, 4, p1, p2], initialize: "he" },
    seen2Bias: { shape: [p2], initialize: "zeros" },
    known: { shape: [1, 1, hidden, p2], initialize: "he" },
    posterior1: { shape: [cells * p2, width], initialize: "he" },
    posterior1Bias: { shape: [width], initialize: "zeros" },
    posterior2: { shape: [width, latent.encoderColumns], initialize: 0.01 },
    posterior2Bias: { shape: [latent.encoderColumns], initialize: "zeros" },
    ...(latent.priorColumns > 0 && {
      expected: { shape: [1, 1, hidden, p2], initialize: "he" },
      expectedBias: { shape: [p2], initialize: "zeros" },
      prior1: { shape: [cells * p2, width], initialize: "he" },
      prior1Bias: { shape: [width], initialize: "zeros" },
      prior2: { shape: [width, latent.priorColumns], initialize: 0.01 },
      prior2Bias: { shape: [latent.priorColumns], initialize: "zeros" },
    }),
    ...latent.parameters,
  };
}

export function createLatentLayers(config: ForwardModelConfig, v: Variables): LatentLayers {
  const columns = fineCells(config) * channels[1];
  const flat = (maps: tf.Tensor4D): tf.Tensor2D => tf.reshape(maps, [-1, columns]);
  const twice = (x: tf.Tensor2D, name: string): tf.Tensor2D => {
    const h = dense(x, v[`${name}1`]!, v[`${name}1Bias`]!, { slope: 0 });
    return dense(h, v[`${name}2`]!, v[`${name}2Bias`]!);
  };
  return {
    posterior(encoding, last, next) {
      const change = tf.sub<tf.Tensor4D>(next, last);
      const seen1 = conv(change, v["seen1"]!, v["seen1Bias"]!, { strides: 2, slope: 0 });
      const seen2 = conv(seen1, v["seen2"]!, v["seen2Bias"]!, { strides: 2 }); // [B, H/4, W/4, p2]
      const known = tf.conv2d(encoding.fine, v["known"] as tf.Tensor as tf.Tensor4D, 1, "same");
      return twice(flat(tf.relu(tf.add(seen2, known))), "posterior");
    },
    prior(encoding) {
      if (v["expected"] === undefined) return null;
      return twice(flat(conv(encoding.fine, v["expected"], v["expectedBias"]!, { slope: 0 })), "prior");
    },
    join(encoding, latent) {
      if (latent === null) return encoding;
      const expanded = tf.matMul(latent, v["expand"] as tf.Tensor as tf.Tensor2D);
      const { fine } = encoding;
      return { ...encoding, fine: tf.add(fine, tf.reshape(expanded, fine.shape)) };
    },
  };
}

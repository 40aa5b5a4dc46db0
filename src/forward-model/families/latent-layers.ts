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
  const perCell = config.latentPer === "cell";
  const cells = fineCells(config);
  const [p1, p2] = channels;
  /** Two layers that turn maps into `columns` numbers: of the whole view, or alike in every cell of their own. */
  const twice = (name: string, columns: number): ParameterSpecs => ({
    [`${name}1`]: { shape: perCell ? [1, 1, p2, width] : [cells * p2, width], initialize: "he" },
    [`${name}1Bias`]: { shape: [width], initialize: "zeros" },
    [`${name}2`]: { shape: perCell ? [1, 1, width, columns / cells] : [width, columns], initialize: 0.01 },
    [`${name}2Bias`]: { shape: [perCell ? columns / cells : columns], initialize: "zeros" },
  });
  return {
    expand: perCell
      ? { shape: [1, 1, latentSize, hidden], initialize: 0.1 }
      : { shape: [latentSize, cells * hidden], initialize: 0.001 },
    seen1: { shape: [4, 4, channelCount, p1], initialize: "he" },
    seen1Bias: { shape: [p1], initialize: "zeros" },
    seen2: { shape: [4, 4, p1, p2], initialize: "he" },
    seen2Bias: { shape: [p2], initialize: "zeros" },
    known: { shape: [1, 1, hidden, p2], initialize: "he" },
    ...twice("posterior", latent.encoderColumns),
    ...(latent.priorColumns > 0 && {
      expected: { shape: [1, 1, hidden, p2], initialize: "he" },
      expectedBias: { shape: [p2], initialize: "zeros" },
      ...twice("prior", latent.priorColumns),
    }),
    ...latent.parameters,
  };
}

export function createLatentLayers(config: ForwardModelConfig, v: Variables): LatentLayers {
  const { latentSize } = config;
  const columnsOf = config.latentPer === "cell" ? columnsOfCells : columnsOfView;
  return {
    posterior(encoding, last, next) {
      const change = tf.sub<tf.Tensor4D>(next, last);
      const seen1 = conv(change, v["seen1"]!, v["seen1Bias"]!, { strides: 2, slope: 0 });
      const seen2 = conv(seen1, v["seen2"]!, v["seen2Bias"]!, { strides: 2 }); // [B, H/4, W/4, p2]
      const known = tf.conv2d(encoding.fine, v["known"] as tf.Tensor as tf.Tensor4D, 1, "same");
      return columnsOf(tf.relu(tf.add(seen2, known)), "posterior");
    },
    prior(encoding) {
      if (v["expected"] === undefined) return null;
      return columnsOf(conv(encoding.fine, v["expected"], v["expectedBias"]!, { slope: 0 }), "prior");
    },
    join(encoding, latent) {
      if (latent === null) return encoding;
      const { fine } = encoding;
      return { ...encoding, fine: tf.add(fine, expanded(latent, fine.shape)) };
    },
  };

  function columnsOfView(maps: tf.Tensor4D, name: string): tf.Tensor2D {
    const flat = tf.reshape(maps, [maps.shape[0], -1]) as tf.Tensor2D;
    const h = dense(flat, v[`${name}1`]!, v[`${name}1Bias`]!, { slope: 0 });
    return dense(h, v[`${name}2`]!, v[`${name}2Bias`]!);
  }

  /** Of all cells, one after the other, first a mean, say, and then a variance. */
  function columnsOfCells(maps: tf.Tensor4D, name: string): tf.Tensor2D {
    const h = conv(maps, v[`${name}1`]!, v[`${name}1Bias`]!, { slope: 0 });
    const columns = conv(h, v[`${name}2`]!, v[`${name}2Bias`]!);
    const [batch, , , width] = columns.shape;
    const byCell = tf.reshape(columns, [batch, -1, width / latentSize, latentSize]);
    return tf.reshape(tf.transpose(byCell, [0, 2, 1, 3]), [batch, -1]);
  }

  /** The latent as maps of `shape`. */
  function expanded(latent: tf.Tensor2D, shape: Encoding["fine"]["shape"]): tf.Tensor4D {
    const weights = v["expand"]! as tf.Tensor;
    if (config.latentPer === "view") {
      return tf.reshape(tf.matMul(latent, weights as tf.Tensor2D), shape);
    }
    const [batch, rows, columns] = shape;
    const cells = tf.reshape(latent, [batch, rows, columns, latentSize]) as tf.Tensor4D;
    return tf.conv2d(cells, weights as tf.Tensor4D, 1, "same");
  }
}

import * as tf from "@tensorflow/tfjs";
import { channelOf } from "../../forward-model/index.ts";
import { channels } from "../../sim/index.ts";
import { maskedMean, taper, type CostInputs, type PixelDistances } from "./masks.ts";

/** Cost of off-road ground under or within a meter of the ego, [N]: 4 Σ m·b / Σ m. */
export function offroadCost(distances: PixelDistances, inputs: CostInputs): tf.Tensor1D {
  const halfLength = tf.div(inputs.length, 2);
  const halfWidth = tf.div(inputs.width, 2);
  const along = taper(distances.along, halfLength, tf.add(halfLength, 1));
  const across = taper(distances.across, halfWidth, tf.add(halfWidth, 1));
  return tf.mul(maskedMean(tf.mul(along, across), channelOf(inputs.pixels, channels.offroad)), 4);
}

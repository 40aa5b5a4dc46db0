import * as tf from "@tensorflow/tfjs";
import { channelOf } from "../../forward-model/index.ts";
import { channels } from "../../sim/index.ts";
import { maskedMean, taper, type CostInputs, type PixelDistances } from "./masks.ts";

const halfLane = 1.85;

/** Cost of lane lines under the ego, [N]: 2 Σ m·r / Σ m, m one along the ego and tapering across over half a lane. */
export function laneCost(distances: PixelDistances, inputs: CostInputs): tf.Tensor1D {
  const halfLength = tf.div(inputs.length, 2);
  const along = taper(distances.along, halfLength, tf.add(halfLength, 1));
  const across = taper(distances.across, 0, tf.scalar(halfLane));
  return tf.mul(maskedMean(tf.mul(along, across), channelOf(inputs.pixels, channels.lane)), 2);
}

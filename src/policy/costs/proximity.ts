import * as tf from "@tensorflow/tfjs";
import { channelOf } from "../../forward-model/index.ts";
import { channels, type PixelSpec } from "../../sim/index.ts";
import { maskedMean, maskedSum, taper, type CostInputs, type PixelDistances } from "./masks.ts";

/** Seconds of travel that the mask reaches ahead and behind, and the speed below which it shrinks no further. */
const reachSeconds = 1.5;
const reachFloor = 7;
const laneWidth = 3.7;

/**
 * Cost of other vehicles near the ego, [N].
 *
 *     far term   10 Σ m·g / Σ m,   m = a²·b²,   a tapers along from L/2 to 1.5·max(s, 7) + L + 1,
 *                                               b tapers across from W/2 to W/2 + 3.7
 *     near term  Σ n·g · A / 10 m², n tapers along over 3 + 0.3·s beyond L/2, across over 1.2 beyond W/2
 *
 * g the traffic channel, A the area of a pixel. Tapered and summed after the follow-up of Sobal et al. (2022), but
 * linear in the channel: squared channels pull towards half-pixel positions, and the published maximum gives
 * one pixel all the gradient. Symmetric ahead and behind as in the paper.
 */
export function proximityCost(spec: PixelSpec, distances: PixelDistances, inputs: CostInputs): tf.Tensor1D {
  const traffic = channelOf(inputs.pixels, channels.traffic);
  const halfLength = tf.div(inputs.length, 2);
  const halfWidth = tf.div(inputs.width, 2);
  const reach = tf.add(tf.add(tf.mul(tf.maximum(inputs.speed, reachFloor), reachSeconds), inputs.length), 1);
  const along = taper(distances.along, halfLength, reach);
  const across = taper(distances.across, halfWidth, tf.add(halfWidth, laneWidth));
  const far = tf.mul(maskedMean(tf.square(tf.mul(along, across)), traffic), 10);
  const nearAlong = taper(
    distances.along,
    halfLength,
    tf.add(halfLength, tf.add(tf.mul(inputs.speed, 0.3), 3)),
  );
  const nearAcross = taper(distances.across, halfWidth, tf.add(halfWidth, 1.2));
  const area = spec.metersPerRow * spec.metersPerColumn;
  const near = tf.mul(maskedSum(tf.mul(nearAlong, nearAcross), traffic), area / 10);
  return tf.add(far, near);
}

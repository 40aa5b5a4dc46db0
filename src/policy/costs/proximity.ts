import * as tf from "@tensorflow/tfjs";
import { channels, type PixelSpec } from "../../sim/index.ts";
import { meanUnderMasks, sumUnderMasks, type CostInputs } from "./masks.ts";
import { maxProximityCost, softMaxProximityCost } from "./nearest.ts";

/** Seconds of travel that the mask reaches ahead and behind, and the speed below which it shrinks no further. */
const reachSeconds = 1.5;
const reachFloor = 7;
const laneWidth = 3.7;

/**
 * Two measures of other vehicles near the ego, [N] each.
 *
 *     far     Σ m·g / Σ m,    m = a²·b²,   a tapers along from L/2 to 1.5·max(s, 7) + L + 1,
 *                                          b tapers across from W/2 to W/2 + 3.7
 *     near    Σ n·g,          n tapers along over 3 + 0.3·s beyond L/2, across over 1.2 beyond W/2
 *
 * g the traffic channel. Tapered and summed after the follow-up of Sobal et al. (2022), but
 * linear in the channel: squared channels pull towards half-pixel positions, and the published maximum gives
 * one pixel all the gradient. Symmetric ahead and behind as in the paper.
 */
function nearness(
  spec: PixelSpec,
  inputs: CostInputs,
): { readonly far: tf.Tensor1D; readonly near: tf.Tensor1D } {
  const { speed, length, width } = inputs;
  const far = meanUnderMasks(spec, inputs, channels.traffic, (ego) => ({
    along: {
      near: length[ego]! / 2,
      far: Math.max(speed[ego]!, reachFloor) * reachSeconds + length[ego]! + 1,
    },
    across: { near: width[ego]! / 2, far: width[ego]! / 2 + laneWidth },
    power: 2,
  }));
  const near = sumUnderMasks(spec, inputs, channels.traffic, (ego) => ({
    along: { near: length[ego]! / 2, far: length[ego]! / 2 + 3 + 0.3 * speed[ego]! },
    across: { near: width[ego]! / 2, far: width[ego]! / 2 + 1.2 },
    power: 1,
  }));
  return { far, near: near.weighted };
}

const areaOf = ({ metersPerRow, metersPerColumn }: PixelSpec): number => metersPerRow * metersPerColumn;

/** Cost of other vehicles near the ego, [N]: 10·far + A·near / 10 m², A the area of a pixel. */
export function proximityCost(spec: PixelSpec, inputs: CostInputs): tf.Tensor1D {
  const { far, near } = nearness(spec, inputs);
  return tf.add(tf.mul(far, 10), tf.mul(near, areaOf(spec) / 10));
}

/**
 * The same where distance alone is hardly paid for, [N]: far + 3·A·near / 10 m². In a queue `far` is high wherever there is
 * a lane; nobody who is not drawn to a human's place should find it cheaper to leave the road.
 */
export function closeProximityCost(spec: PixelSpec, inputs: CostInputs): tf.Tensor1D {
  const { far, near } = nearness(spec, inputs);
  return tf.add(far, tf.mul(near, (3 * areaOf(spec)) / 10));
}

/** Ways to say that somebody is near; weights and levels of one do not carry over to another. */
export const proximityCosts = {
  summed: proximityCost,
  close: closeProximityCost,
  max: maxProximityCost,
  "log-sum-exp": softMaxProximityCost,
} as const;
export type ProximityForm = keyof typeof proximityCosts;

import * as tf from "@tensorflow/tfjs";
import { egoStateColumns, type Act } from "../forward-model/index.ts";
import { pixelSpecs } from "../sim/index.ts";
import type { PolicyNetwork, ViewConfig } from "./network.ts";

/**
 * `policy` as the one who acts in an imagination. It shows the policy what the egos see and how they move; whether
 * gradients flow through the pixels that it sees is the family's affair.
 * @param egoChannel the egos' own rectangles, [B, H, W] in [0, 1]
 * @param noise what a policy that is a distribution draws its actions with, one [B, 2] per step; else the most likely ones
 */
export function actsOf(
  policy: PolicyNetwork,
  egoChannel: Float32Array,
  view: Pick<ViewConfig, "pixels">,
  noise: readonly Float32Array[] = [],
): Act {
  return ({ pictures, states }, t) => {
    const observation = { views: packViews(pictures, egoChannel, view), motion: motionOf(states) };
    const drawn = noise[t];
    return drawn === undefined
      ? policy.act(observation)
      : policy.act(observation, tf.tensor2d(drawn, [drawn.length / 2, 2]));
  };
}

/** Tc pictures [B, H, W, C] and the ego channel [B, H, W] → [B, H, W, Tc·C + 1]. */
export function packViews(
  pictures: readonly tf.Tensor4D[],
  egoChannel: Float32Array,
  { pixels }: Pick<ViewConfig, "pixels">,
): tf.Tensor4D {
  const { height, width } = pixelSpecs[pixels];
  const ego = tf.tensor4d(egoChannel, [egoChannel.length / (height * width), height, width, 1]);
  return tf.concat([...pictures, ego], 3);
}

/** Speed and heading of Tc states [B, 4] → [B, 2·Tc]. */
export function motionOf(history: readonly tf.Tensor2D[]): tf.Tensor2D {
  const B = history[0]!.shape[0];
  const columns = history.flatMap((state) => [
    tf.slice(state, [0, egoStateColumns.speed], [B, 1]),
    tf.slice(state, [0, egoStateColumns.heading], [B, 1]),
  ]);
  return tf.concat(columns, 1) as tf.Tensor2D;
}

import type * as tf from "@tensorflow/tfjs";
import { firstOf, warp, type Scene } from "../forward-model/index.ts";
import type { PixelSpec } from "../sim/index.ts";

/** What the first `count` egos of a scene see, as `viewOf` of the forward model, with its gradient. */
export function ownView(spec: PixelSpec, { pixels, pose }: Scene, count = pixels.shape[0]): tf.Tensor4D {
  const own = firstOf(pixels, count);
  return pose === null ? own : warp(own, firstOf(pose, count), spec);
}

import * as tf from "@tensorflow/tfjs";
import { axes } from "../axes.ts";

/**
 * Moves each `block` × `block` square of pixels into channels: [B, H, W, C] → [B, H / block, W / block, block²·C],
 * with channel index (row in block · block + column in block) · C + channel.
 */
export function spaceToDepth(x: tf.Tensor4D, block: number): tf.Tensor4D {
  const { B, H, W, C } = axes(x, ["B", "H", "W", "C"]);
  const split = tf.reshape(x, [B, H / block, block, W / block, block * C]);
  return tf.reshape(tf.transpose(split, [0, 1, 3, 2, 4]), [B, H / block, W / block, block * block * C]);
}

/** The inverse of `spaceToDepth`: [B, H, W, block²·C] → [B, block·H, block·W, C]. */
export function depthToSpace(x: tf.Tensor4D, block: number): tf.Tensor4D {
  const { B, H, W, D } = axes(x, ["B", "H", "W", "D"]);
  const split = tf.reshape(x, [B, H, W, block, D / block]);
  return tf.reshape(tf.transpose(split, [0, 1, 3, 2, 4]), [B, H * block, W * block, D / (block * block)]);
}

import * as tf from "@tensorflow/tfjs";
import { axes } from "../axes.ts";
import { depthToSpaceName, spaceToDepthName } from "../kernels/space-to-depth.ts";

/**
 * Moves each `block` × `block` square of pixels into channels: [B, H, W, C] → [B, H / block, W / block, block²·C],
 * with channel index (row in block · block + column in block) · C + channel.
 */
export function spaceToDepth(x: tf.Tensor4D, block: number): tf.Tensor4D {
  const { B, H, W, C } = axes(x, ["B", "H", "W", "C"]);
  if (H % block !== 0 || W % block !== 0) {
    throw new RangeError(`expected height and width in multiples of ${block}, got ${H} and ${W}`);
  }
  if (tf.getKernel(spaceToDepthName, tf.getBackend()))
    return tf.engine().runKernel(spaceToDepthName, { x }, { block });
  const split = tf.reshape(x, [B, H / block, block, W / block, block * C]);
  return tf.reshape(tf.transpose(split, [0, 1, 3, 2, 4]), [B, H / block, W / block, block * block * C]);
}

/** The inverse of `spaceToDepth`: [B, H, W, block²·C] → [B, block·H, block·W, C]. */
export function depthToSpace(x: tf.Tensor4D, block: number): tf.Tensor4D {
  const { B, H, W, D } = axes(x, ["B", "H", "W", "D"]);
  if (D % (block * block) !== 0)
    throw new RangeError(`expected channels in multiples of ${block * block}, got ${D}`);
  if (tf.getKernel(depthToSpaceName, tf.getBackend()))
    return tf.engine().runKernel(depthToSpaceName, { x }, { block });
  const split = tf.reshape(x, [B, H, W, block, D / block]);
  return tf.reshape(tf.transpose(split, [0, 1, 3, 2, 4]), [B, H * block, W * block, D / (block * block)]);
}

import * as tf from "@tensorflow/tfjs";

/** One channel [B, H, W] of pixel states [B, H, W, C]. */
export function channelOf(pixels: tf.Tensor4D, channel: number): tf.Tensor3D {
  const [B, H, W] = pixels.shape;
  return tf.reshape(tf.slice(pixels, [0, 0, 0, channel], [B, H, W, 1]), [B, H, W]);
}

import * as tf from "@tensorflow/tfjs";

/** One channel [B, H, W] of pixel states [B, H, W, C]. */
export function channelOf(pixels: tf.Tensor4D, channel: number): tf.Tensor3D {
  const [B, H, W] = pixels.shape;
  return tf.reshape(tf.slice(pixels, [0, 0, 0, channel], [B, H, W, 1]), [B, H, W]);
}

/** The first `count` rows of a tensor [B, …]. */
export function firstOf<T extends tf.Tensor>(x: T, count: number): T {
  const [B, ...rest] = x.shape as [number, ...number[]];
  return B === count ? x : tf.slice(x, new Array<number>(rest.length + 1).fill(0), [count, ...rest]);
}

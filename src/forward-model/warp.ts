import * as tf from "@tensorflow/tfjs";
import type { PixelSpec } from "../sim/index.ts";
import { shifted } from "./shifted.ts";

/**
 * Pictures as they look from elsewhere, bilinear; beyond the edge the border repeats. The gradient goes to the poses alone.
 * @param pixels [B, H, W, C], constant
 * @param pose where the new view's center and axis are in the old view: x ahead and y to the left [m], heading [rad], [B, 3]
 * @returns [B, H, W, C]
 */
export function warp(pixels: tf.Tensor4D, pose: tf.Tensor2D, spec: PixelSpec): tf.Tensor4D {
  return shifted(pixels, shiftTo(pose, spec));
}

/** Rows and columns from each pixel of a view to its place in the view that `pose` [B, 3] is given in, [B, H, W, 2]. */
export function shiftTo(pose: tf.Tensor2D, spec: PixelSpec): tf.Tensor4D {
  const { ahead, left } = placesOf(spec);
  const [x, y, cos, sin] = partsOf(pose);
  const less = tf.sub(cos, 1);
  return toPixels(
    tf.add(x, tf.sub(tf.mul(ahead, less), tf.mul(left, sin))),
    tf.add(y, tf.add(tf.mul(ahead, sin), tf.mul(left, less))),
    spec,
  );
}

/** Each pixel's own place in its view [m], [1, H, W, 1]. */
export function placesOf({ height: H, width: W, metersPerRow, metersPerColumn }: PixelSpec): {
  readonly ahead: tf.Tensor4D;
  readonly left: tf.Tensor4D;
} {
  const ahead = new Float32Array(H * W);
  const left = new Float32Array(H * W);
  for (let p = 0; p < H * W; p++) {
    ahead[p] = (H / 2 - 0.5 - Math.floor(p / W)) * metersPerRow;
    left[p] = (W / 2 - 0.5 - (p % W)) * metersPerColumn;
  }
  return { ahead: tf.tensor4d(ahead, [1, H, W, 1]), left: tf.tensor4d(left, [1, H, W, 1]) };
}

/** x, y, cos and sin of the heading of poses [B, 3], [B, 1, 1, 1] each. */
export function partsOf(pose: tf.Tensor2D): [x: tf.Tensor, y: tf.Tensor, cos: tf.Tensor, sin: tf.Tensor] {
  const [x, y, heading] = tf.split(tf.reshape(pose, [-1, 1, 1, 3]), 3, 3) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  return [x, y, tf.cos(heading), tf.sin(heading)];
}

/** Rows and columns [B, H, W, 2] → meters ahead and to the left, [B, H, W, 1] each. */
export function toMeters(
  field: tf.Tensor4D,
  { metersPerRow, metersPerColumn }: PixelSpec,
): [tf.Tensor, tf.Tensor] {
  const [rows, columns] = tf.split(field, 2, 3) as [tf.Tensor, tf.Tensor];
  return [tf.mul(rows, -metersPerRow), tf.mul(columns, -metersPerColumn)];
}

export function toPixels(
  ahead: tf.Tensor,
  left: tf.Tensor,
  { metersPerRow, metersPerColumn }: PixelSpec,
): tf.Tensor4D {
  return tf.concat([tf.div(ahead, -metersPerRow), tf.div(left, -metersPerColumn)], 3) as tf.Tensor4D;
}

/** Where pose `to` is, seen from pose `from`: poses are x and y [m] and heading [rad], [B, 3] or more columns. */
export function relativePose(from: tf.Tensor2D, to: tf.Tensor2D): tf.Tensor2D {
  const B = from.shape[0];
  const difference = tf.sub(tf.slice(to, [0, 0], [B, 3]), tf.slice(from, [0, 0], [B, 3]));
  const [dx, dy, turn] = tf.split(difference, 3, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const heading = tf.slice(from, [0, 2], [B, 1]);
  const cos = tf.cos(heading);
  const sin = tf.sin(heading);
  const ahead = tf.add(tf.mul(dx, cos), tf.mul(dy, sin));
  const left = tf.sub(tf.mul(dy, cos), tf.mul(dx, sin));
  return tf.concat([ahead, left, turn], 1) as tf.Tensor2D;
}

import * as tf from "@tensorflow/tfjs";
import type { PixelSpec } from "../sim/index.ts";
import { bilinearPlace, locate, type BilinearPlace } from "./bilinear.ts";

/**
 * Pictures as they look from elsewhere, bilinear; beyond the edge the border repeats. One operation with hand-derived
 * adjoints for pixels and poses.
 * @param pixels [B, H, W, C]
 * @param pose where the new view's center and axis are in the old view: x ahead and y to the left [m], heading [rad], [B, 3]
 * @returns [B, H, W, C]
 */
export function warp(pixels: tf.Tensor4D, pose: tf.Tensor2D, spec: PixelSpec): tf.Tensor4D {
  const operation = tf.customGrad((pixels, pose, save) => {
    const inputs = [pixels as tf.Tensor4D, pose as tf.Tensor2D];
    (save as tf.GradSaveFunc)(inputs);
    const shape = (pixels as tf.Tensor4D).shape;
    const source = (pixels as tf.Tensor).dataSync() as Float32Array;
    const out = new Float32Array(source.length);
    const C = shape[3];
    forEachPlace((pose as tf.Tensor).dataSync() as Float32Array, spec, ({ target, corners, down, right }) => {
      const [a, b, c, d] = corners;
      const wa = (1 - down) * (1 - right);
      const wb = (1 - down) * right;
      const wc = down * (1 - right);
      const wd = down * right;
      for (let k = 0; k < C; k++) {
        out[target * C + k] =
          wa * source[a * C + k]! +
          wb * source[b * C + k]! +
          wc * source[c * C + k]! +
          wd * source[d * C + k]!;
      }
    });
    return {
      value: tf.tensor4d(out, shape),
      gradFunc: (dy, [savedPixels, savedPose]) => {
        const gradient = adjoint(
          savedPixels!.dataSync() as Float32Array,
          savedPose!.dataSync() as Float32Array,
          (dy as tf.Tensor).dataSync() as Float32Array,
          C,
          spec,
        );
        return [tf.tensor4d(gradient.pixels, shape), tf.tensor2d(gradient.pose, (pose as tf.Tensor2D).shape)];
      },
    };
  });
  return operation(pixels, pose) as tf.Tensor4D;
}

function adjoint(
  source: Float32Array,
  pose: Float32Array,
  g: Float32Array,
  C: number,
  spec: PixelSpec,
): { pixels: Float32Array; pose: Float32Array } {
  const dPixels = new Float32Array(source.length);
  const dPose = new Float32Array(pose.length);
  forEachPlace(pose, spec, ({ batch, target, corners, down, right, inRows, inColumns, ahead, left }) => {
    const [a, b, c, d] = corners;
    let byRow = 0;
    let byColumn = 0;
    for (let k = 0; k < C; k++) {
      const gradient = g[target * C + k]!;
      const [ia, ib, ic, id] = [a * C + k, b * C + k, c * C + k, d * C + k];
      dPixels[ia] = dPixels[ia]! + gradient * (1 - down) * (1 - right);
      dPixels[ib] = dPixels[ib]! + gradient * (1 - down) * right;
      dPixels[ic] = dPixels[ic]! + gradient * down * (1 - right);
      dPixels[id] = dPixels[id]! + gradient * down * right;
      byRow += gradient * ((1 - right) * (source[ic]! - source[ia]!) + right * (source[id]! - source[ib]!));
      byColumn += gradient * ((1 - down) * (source[ib]! - source[ia]!) + down * (source[id]! - source[ic]!));
    }
    // row = … − (x + ahead · cos − left · sin) / metersPerRow, column = … − (y + ahead · sin + left · cos) / metersPerColumn
    const byX = inRows ? -byRow / spec.metersPerRow : 0;
    const byY = inColumns ? -byColumn / spec.metersPerColumn : 0;
    const o = 3 * batch;
    const cos = Math.cos(pose[o + 2]!);
    const sin = Math.sin(pose[o + 2]!);
    dPose[o] = dPose[o]! + byX;
    dPose[o + 1] = dPose[o + 1]! + byY;
    dPose[o + 2] = dPose[o + 2]! + byX * (-ahead * sin - left * cos) + byY * (ahead * cos - left * sin);
  });
  return { pixels: dPixels, pose: dPose };
}

/** One pixel of the new view and where in the old one it lies. */
interface Place extends BilinearPlace {
  batch: number;
  target: number;
  /** Pixels of the old view around it: above left, above right, below left, below right. */
  readonly corners: [number, number, number, number];
  /** The pixel's own place in the new view [m]. */
  ahead: number;
  left: number;
}

function forEachPlace(pose: Float32Array, spec: PixelSpec, visit: (place: Place) => void): void {
  const { height: H, width: W, metersPerRow, metersPerColumn } = spec;
  const place: Place = { ...bilinearPlace(), batch: 0, target: 0, corners: [0, 0, 0, 0], ahead: 0, left: 0 };
  const rowOrigin = H / 2 - 0.5;
  const columnOrigin = W / 2 - 0.5;
  for (let b = 0; b < pose.length / 3; b++) {
    const [x, y] = [pose[3 * b]!, pose[3 * b + 1]!];
    const cos = Math.cos(pose[3 * b + 2]!);
    const sin = Math.sin(pose[3 * b + 2]!);
    place.batch = b;
    for (let i = 0; i < H; i++) {
      const ahead = (rowOrigin - i) * metersPerRow;
      for (let j = 0; j < W; j++) {
        const left = (columnOrigin - j) * metersPerColumn;
        const row = rowOrigin - (x + ahead * cos - left * sin) / metersPerRow;
        const column = columnOrigin - (y + ahead * sin + left * cos) / metersPerColumn;
        locate(place, row, column, H, W);
        const first = (b * H + place.row) * W + place.column;
        place.corners[0] = first;
        place.corners[1] = first + 1;
        place.corners[2] = first + W;
        place.corners[3] = first + W + 1;
        place.target = (b * H + i) * W + j;
        place.ahead = ahead;
        place.left = left;
        visit(place);
      }
    }
  }
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

import * as tf from "@tensorflow/tfjs";
import { channelCount, type PixelSpec } from "../sim/index.ts";
import type { Scene } from "./imagination.ts";
import { firstOf } from "./pixels.ts";

/**
 * What the first `count` egos of a scene see in their own frames, [count, H, W, C]. A picture that has to be turned to
 * the ego loses its gradient; one that is centered keeps it.
 */
export function viewOf(spec: PixelSpec, { pixels, pose }: Scene, count = pixels.shape[0]): tf.Tensor4D {
  if (pose === null) return firstOf(pixels, count);
  const world = pixels.dataSync() as Float32Array;
  const poses = pose.dataSync();
  const size = world.length / pixels.shape[0];
  const view = new Float32Array(count * size);
  for (let b = 0; b < count; b++) {
    const [x, y, heading] = [poses[3 * b]!, poses[3 * b + 1]!, poses[3 * b + 2]!];
    warpView(world, b * size, spec, x, y, heading, view, b * size);
  }
  return tf.tensor4d(view, [count, spec.height, spec.width, channelCount]);
}

/**
 * The ego's view of an imagined world: `world` [H, W, C] is seen from its moving frame, `out` [H, W, C] from the
 * ego at (`x`, `y`) [m] and `heading` [rad] relative to that frame. Bilinear; beyond the edge the border repeats.
 * Plain numbers on purpose: no gradient flows through what a policy sees.
 */
export function warpView(
  world: Float32Array,
  worldOffset: number,
  spec: PixelSpec,
  x: number,
  y: number,
  heading: number,
  out: Float32Array,
  outOffset: number,
): void {
  const { height: H, width: W, metersPerRow, metersPerColumn } = spec;
  const cos = Math.cos(heading);
  const sin = Math.sin(heading);
  const rowOrigin = H / 2 - 0.5;
  const columnOrigin = W / 2 - 0.5;
  for (let i = 0; i < H; i++) {
    const ahead = (rowOrigin - i) * metersPerRow;
    for (let j = 0; j < W; j++) {
      const left = (columnOrigin - j) * metersPerColumn;
      const row = clamp(rowOrigin - (x + ahead * cos - left * sin) / metersPerRow, H - 1);
      const column = clamp(columnOrigin - (y + ahead * sin + left * cos) / metersPerColumn, W - 1);
      const i0 = Math.min(H - 2, Math.floor(row));
      const j0 = Math.min(W - 2, Math.floor(column));
      const di = row - i0;
      const dj = column - j0;
      const a = worldOffset + (i0 * W + j0) * channelCount;
      const b = a + channelCount;
      const c = a + W * channelCount;
      const d = c + channelCount;
      const wa = (1 - di) * (1 - dj);
      const wb = (1 - di) * dj;
      const wc = di * (1 - dj);
      const wd = di * dj;
      const o = outOffset + (i * W + j) * channelCount;
      for (let k = 0; k < channelCount; k++) {
        out[o + k] = wa * world[a + k]! + wb * world[b + k]! + wc * world[c + k]! + wd * world[d + k]!;
      }
    }
  }
}

const clamp = (value: number, high: number): number => (value < 0 ? 0 : value > high ? high : value);

import { channelCount, type PixelSpec } from "../sim/index.ts";

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

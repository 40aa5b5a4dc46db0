import type { GridShape } from "./boxes.ts";

/** Rows and columns to either side that are averaged over; a car is 4 × 2 pixels on the laptop's grid. */
const around = { rows: 2, columns: 1 } as const;

/** after · Σ over the pixels around every one, as far as it lies in the grid, of before · values; values [B, H, W, 2], weights [B, H, W]. */
export function weightedSums(
  values: Float32Array,
  before: Float32Array,
  after: Float32Array,
  [B, H, W]: GridShape,
): Float32Array {
  const down = new Float32Array(values.length);
  for (let b = 0; b < B; b++) {
    for (let i = 0; i < H; i++) {
      const first = (b * H + Math.max(0, i - around.rows)) * W;
      const last = (b * H + Math.min(H - 1, i + around.rows)) * W;
      const from = (b * H + i) * W;
      for (let j = 0; j < W; j++) {
        const weight = before[from + j]!;
        if (weight === 0) continue;
        const along = weight * values[2 * (from + j)]!;
        const across = weight * values[2 * (from + j) + 1]!;
        for (let p = first + j; p <= last + j; p += W) {
          down[2 * p] = down[2 * p]! + along;
          down[2 * p + 1] = down[2 * p + 1]! + across;
        }
      }
    }
  }
  const out = new Float32Array(values.length);
  for (let row = 0; row < B * H * W; row += W) {
    for (let j = 0; j < W; j++) {
      const weight = after[row + j]!;
      if (weight === 0) continue;
      let along = 0;
      let across = 0;
      for (let l = Math.max(0, j - around.columns); l <= Math.min(W - 1, j + around.columns); l++) {
        along += down[2 * (row + l)]!;
        across += down[2 * (row + l) + 1]!;
      }
      out[2 * (row + j)] = weight * along;
      out[2 * (row + j) + 1] = weight * across;
    }
  }
  return out;
}

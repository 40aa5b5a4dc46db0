import { pixelSpecs } from "../sim/index.ts";
import { boxesOf, type Boxes, type GridShape } from "./boxes.ts";
import type { ForwardModelConfig } from "./config.ts";
import { once } from "./once.ts";
import { weightedSums } from "./weighted-sums.ts";

/**
 * How much there is to move at each pixel: numbers, read out of a picture once for all steps of a rollout, and constant.
 * Behind functions, because `tf.tidy` looks for tensors among all numbers of the data that it is given.
 */
export type Mass = {
  readonly shape: GridShape;
  /** [B, H, W] */
  readonly values: () => Float32Array;
  /** What of its pixel each mass fills. */
  readonly boxes: () => Boxes;
  /** 1 / around(m) at pixels with mass, 0 at others, for `averageOverMass`. */
  readonly shares: () => Float32Array;
};

/** Of a vehicle of which only a part is seen [m]. */
const usualLength = 4.6;

/** @param values [B, H, W] */
export function createMass(
  values: Float32Array,
  shape: GridShape,
  { pixels }: Pick<ForwardModelConfig, "pixels">,
): Mass {
  const boxes = once(() => boxesOf(values, shape, usualLength / pixelSpecs[pixels].metersPerRow));
  const shares = once(() => {
    const ones = new Float32Array(2 * values.length).fill(1);
    const totals = weightedSums(ones, values, ones, shape);
    return values.map((value, p) => (value > 0 ? 1 / totals[2 * p]! : 0));
  });
  return { shape, values: () => values, boxes, shares };
}

/** Pixel p of the picture, pixel q of the grid, the part of p's mass that is there, and its derivatives by row and column. */
type Visit = (p: number, q: number, weight: number, byRow: number, byColumn: number) => void;

/** Visits, for every pixel `p` with mass, the up to four pixels `q` of the grid among which its place lies, bilinear. */
export function forEachPlace(mass: Mass, displacement: Float32Array, visit: Visit): void {
  const [B, H, W] = mass.shape;
  const m = mass.values();
  for (let b = 0, p = 0; b < B; b++) {
    for (let i = 0; i < H; i++) {
      for (let j = 0; j < W; j++, p++) {
        if (m[p] === 0) continue;
        const [row, column] = [i + displacement[2 * p]!, j + displacement[2 * p + 1]!];
        visitBox(mass.shape, b, p, row, column, 1, 1, 1, visit);
      }
    }
  }
}

/**
 * Visits the pixels `q` of the grid in which the boxes of pixels `p` lie. What moves with an edge's pixel beyond the
 * picture counts as more of its mass.
 */
export function forEachPart(mass: Mass, displacement: Float32Array, visit: Visit): void {
  const [B, H, W] = mass.shape;
  const m = mass.values();
  const { top, left, height, width, beyond } = mass.boxes();
  for (let b = 0, p = 0; b < B; b++) {
    for (let i = 0; i < H; i++) {
      for (let j = 0; j < W; j++, p++) {
        if (m[p] === 0) continue;
        const [down, right] = [displacement[2 * p]!, j + left[p]! + displacement[2 * p + 1]!];
        visitBox(mass.shape, b, p, i + top[p]! + down, right, height[p]!, width[p]!, 1, visit);
        for (let k = 0; k < beyond[p]!; k++) {
          const more = Math.min(1, beyond[p]! - k);
          const row = i === 0 ? -k - more : H + k;
          visitBox(mass.shape, b, p, row + down, right, more, width[p]!, (more * width[p]!) / m[p]!, visit);
        }
      }
    }
  }
}

/** The pixels in which a box lies, its upper left corner at `row` and `column`; `scale` times their parts of it. */
function visitBox(
  [, H, W]: GridShape,
  b: number,
  p: number,
  row: number,
  column: number,
  height: number,
  width: number,
  scale: number,
  visit: Visit,
): void {
  const top = Math.floor(row);
  const left = Math.floor(column);
  if (!(top >= -1 && top < H && left >= -1 && left < W)) return;
  // How far the box reaches into the next row and column; negative: not at all.
  const beyondRow = row - top - (1 - height);
  const beyondColumn = column - left - (1 - width);
  const down = Math.max(0, beyondRow) / height;
  const right = Math.max(0, beyondColumn) / width;
  const byRow = beyondRow < 0 ? 0 : scale / height;
  const byColumn = beyondColumn < 0 ? 0 : scale / width;
  const q = (b * H + top) * W + left;
  const above = top >= 0;
  const below = top + 1 < H;
  if (left >= 0) {
    if (above) visit(p, q, scale * (1 - down) * (1 - right), (right - 1) * byRow, (down - 1) * byColumn);
    if (below) visit(p, q + W, scale * down * (1 - right), (1 - right) * byRow, -down * byColumn);
  }
  if (left + 1 < W) {
    if (above) visit(p, q + 1, scale * (1 - down) * right, -right * byRow, (1 - down) * byColumn);
    if (below) visit(p, q + W + 1, scale * down * right, right * byRow, down * byColumn);
  }
}

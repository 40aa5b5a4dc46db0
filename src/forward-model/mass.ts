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

/**
 * Where mass has come to, part by part, the first `count` entries of each array: pixel `p` of the picture, pixel `q` of the
 * grid, the part of p's mass that is there, and its derivatives by row and column.
 */
export interface Parts {
  count: number;
  readonly p: Int32Array;
  readonly q: Int32Array;
  readonly weight: Float64Array;
  readonly byRow: Float64Array;
  readonly byColumn: Float64Array;
}

const createParts = (capacity: number): Parts => ({
  ...{ count: 0, p: new Int32Array(capacity), q: new Int32Array(capacity) },
  ...{ weight: new Float64Array(capacity), byRow: new Float64Array(capacity) },
  byColumn: new Float64Array(capacity),
});

/** Arrays rather than calls with numbers, which would each be boxed. */
let parts = createParts(4096);

/** Twice as much room for the same. */
function grow(): void {
  const { count, ...full } = parts;
  parts = createParts(2 * count);
  parts.count = count;
  for (const name of Object.keys(full) as (keyof typeof full)[]) parts[name].set(full[name]);
}

/** For every pixel `p` with mass the up to four pixels `q` of the grid among which its place lies, bilinear; borrowed until the next call. */
export function placesOf(mass: Mass, displacement: Float32Array): Parts {
  const [B, H, W] = mass.shape;
  const m = mass.values();
  parts.count = 0;
  for (let b = 0, p = 0; b < B; b++) {
    for (let i = 0; i < H; i++) {
      for (let j = 0; j < W; j++, p++) {
        if (m[p] === 0) continue;
        addBox(mass.shape, b, p, i + displacement[2 * p]!, j + displacement[2 * p + 1]!, 1, 1, 1);
      }
    }
  }
  return parts;
}

/**
 * The pixels `q` of the grid in which the boxes of pixels `p` lie; borrowed until the next call. What moves with an edge's
 * pixel beyond the picture counts as more of its mass.
 */
export function partsOf(mass: Mass, displacement: Float32Array): Parts {
  const [B, H, W] = mass.shape;
  const m = mass.values();
  const { top, left, height, width, beyond } = mass.boxes();
  parts.count = 0;
  for (let b = 0, p = 0; b < B; b++) {
    for (let i = 0; i < H; i++) {
      for (let j = 0; j < W; j++, p++) {
        if (m[p] === 0) continue;
        const down = displacement[2 * p]!;
        const right = j + left[p]! + displacement[2 * p + 1]!;
        addBox(mass.shape, b, p, i + top[p]! + down, right, height[p]!, width[p]!, 1);
        for (let k = 0; k < beyond[p]!; k++) {
          const more = Math.min(1, beyond[p]! - k);
          const row = i === 0 ? -k - more : H + k;
          addBox(mass.shape, b, p, row + down, right, more, width[p]!, (more * width[p]!) / m[p]!);
        }
      }
    }
  }
  return parts;
}

/** Adds the pixels in which a box lies, its upper left corner at `row` and `column`; `scale` times their parts of it. */
function addBox(
  [, H, W]: GridShape,
  b: number,
  p: number,
  row: number,
  column: number,
  height: number,
  width: number,
  scale: number,
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
    if (above) add(p, q, scale * (1 - down) * (1 - right), (right - 1) * byRow, (down - 1) * byColumn);
    if (below) add(p, q + W, scale * down * (1 - right), (1 - right) * byRow, -down * byColumn);
  }
  if (left + 1 < W) {
    if (above) add(p, q + 1, scale * (1 - down) * right, -right * byRow, (1 - down) * byColumn);
    if (below) add(p, q + W + 1, scale * down * right, right * byRow, down * byColumn);
  }
}

function add(p: number, q: number, weight: number, byRow: number, byColumn: number): void {
  if (parts.count === parts.p.length) grow();
  const k = parts.count++;
  parts.p[k] = p;
  parts.q[k] = q;
  parts.weight[k] = weight;
  parts.byRow[k] = byRow;
  parts.byColumn[k] = byColumn;
}

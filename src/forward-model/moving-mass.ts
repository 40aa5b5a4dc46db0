import * as tf from "@tensorflow/tfjs";
import { boxesOf, type Boxes } from "./boxes.ts";
import { pixelSpecs } from "../sim/index.ts";
import type { ForwardModelConfig } from "./config.ts";
import { once } from "./once.ts";

/**
 * Traffic as mass that moves. Every pixel of the last observed picture carries the mass seen there, a displacement
 * and a velocity through the whole rollout; a predicted picture is that mass dropped where it has come to. Cars
 * thus keep their shape and go on as they went, however long the rollout, and a network has to say only what
 * changes. Each operation is a single one with a hand-derived adjoint, and pixels without mass cost nothing.
 */
export type MovingMass = {
  /** Traffic channel of the last observed picture. */
  readonly mass: Mass;
  /** Rows and columns that each pixel's mass has moved, [B, H, W, 2]. */
  readonly displacement: tf.Tensor4D;
  /** [pixels per step], [B, H, W, 2]. */
  readonly velocity: tf.Tensor4D;
  /** What the velocity gains of itself in the next step, observed and dying away [pixels per step²], [B, H, W, 2]. */
  readonly inertia: tf.Tensor4D;
};

/**
 * How much there is to move at each pixel: numbers, read out of a picture once for all steps of a rollout, and constant.
 * Behind functions, because `tf.tidy` looks for tensors among all numbers of the data that it is given.
 */
export type Mass = {
  readonly shape: Shape;
  /** [B, H, W] */
  readonly values: () => Float32Array;
  /** What of its pixel each mass fills. */
  readonly boxes: () => Boxes;
  /** 1 / box(m) at pixels with mass, 0 at others, for `averageOverMass`. */
  readonly shares: () => Float32Array;
};

type Shape = readonly [B: number, H: number, W: number];

/** Of a vehicle of which only a part is seen [m]. */
const usualLength = 4.6;

/** @param values [B, H, W] */
export function createMass(
  values: Float32Array,
  shape: Shape,
  { pixels }: Pick<ForwardModelConfig, "pixels">,
): Mass {
  const boxes = once(() => boxesOf(values, shape, usualLength / pixelSpecs[pixels].metersPerRow));
  const shares = once(() => {
    const ones = new Float32Array(2 * values.length).fill(1);
    const totals = weightedBoxSums(ones, values, ones, shape);
    return values.map((value, p) => (value > 0 ? 1 / totals[2 * p]! : 0));
  });
  return { shape, values: () => values, boxes, shares };
}

/**
 * Drops mass where it has come to, shared among the pixels that its box lies in by area; what leaves the grid is gone.
 * The gradient goes to the displacement alone.
 * @param displacement [B, H, W, 2]
 * @returns [B, H, W]
 */
export function dropMass(mass: Mass, displacement: tf.Tensor4D): tf.Tensor3D {
  const { shape } = mass;
  const drop = tf.customGrad((displacement, save) => {
    const input = displacement as tf.Tensor;
    (save as tf.GradSaveFunc)([input]);
    return {
      value: tf.tensor3d(dropped(mass, input.dataSync() as Float32Array), [...shape]),
      gradFunc: (dy, [saved]) => {
        const m = mass.values();
        const g = (dy as tf.Tensor).dataSync() as Float32Array;
        const gradient = new Float32Array(2 * m.length);
        forEachPart(mass, saved!.dataSync() as Float32Array, (p, q, _weight, byRow, byColumn) => {
          gradient[2 * p] = gradient[2 * p]! + m[p]! * g[q]! * byRow;
          gradient[2 * p + 1] = gradient[2 * p + 1]! + m[p]! * g[q]! * byColumn;
        });
        return tf.tensor4d(gradient, [...shape, 2]);
      },
    };
  });
  return drop(displacement) as tf.Tensor3D;
}

/** The same with plain numbers, for what needs no gradient. */
export function dropped(mass: Mass, displacement: Float32Array): Float32Array {
  const m = mass.values();
  const out = new Float32Array(m.length);
  forEachPart(mass, displacement, (p, q, weight) => {
    out[q] = out[q]! + m[p]! * weight;
  });
  return out;
}

/**
 * What a field says at the place to which each pixel's mass has come, bilinear; zero for pixels without mass and
 * for mass beyond the grid. The gradient goes to the field alone.
 * @param field [B, H, W, 2]
 * @returns [B, H, W, 2]
 */
export function sampleAtMass(mass: Mass, displacement: tf.Tensor4D, field: tf.Tensor4D): tf.Tensor4D {
  const { shape } = mass;
  const d = displacement.dataSync() as Float32Array;
  const sample = tf.customGrad((field) => {
    const f = (field as tf.Tensor).dataSync() as Float32Array;
    const out = new Float32Array(f.length);
    forEachPlace(mass, d, (p, q, weight) => {
      out[2 * p] = out[2 * p]! + f[2 * q]! * weight;
      out[2 * p + 1] = out[2 * p + 1]! + f[2 * q + 1]! * weight;
    });
    return {
      value: tf.tensor4d(out, [...shape, 2]),
      gradFunc: (dy) => {
        const g = (dy as tf.Tensor).dataSync() as Float32Array;
        const gradient = new Float32Array(g.length);
        forEachPlace(mass, d, (p, q, weight) => {
          gradient[2 * q] = gradient[2 * q]! + g[2 * p]! * weight;
          gradient[2 * q + 1] = gradient[2 * q + 1]! + g[2 * p + 1]! * weight;
        });
        return tf.tensor4d(gradient, [...shape, 2]);
      },
    };
  });
  return sample(field) as tf.Tensor4D;
}

/**
 * A field averaged over the mass around each pixel with mass, twice over, about as large as a car: what happens to a car
 * happens to all of it. Zero for pixels without mass. The gradient goes to the field alone.
 *
 *     f ← box(m · f) / box(m) where m > 0, twice
 *
 * @param field at the pixels of the last observed picture, [B, H, W, 2]
 * @returns [B, H, W, 2]
 */
export function averageOverMass(mass: Mass, field: tf.Tensor4D): tf.Tensor4D {
  const { shape } = mass;
  const [m, share] = [mass.values(), mass.shares()];
  // The adjoint is the same sum with the weights before and after it exchanged.
  const twice = (f: tf.Tensor, before: Float32Array, after: Float32Array): tf.Tensor4D => {
    const once = weightedBoxSums(f.dataSync() as Float32Array, before, after, shape);
    return tf.tensor4d(weightedBoxSums(once, before, after, shape), [...shape, 2]);
  };
  const average = tf.customGrad((f) => ({
    value: twice(f as tf.Tensor, m, share),
    gradFunc: (dy) => twice(dy as tf.Tensor, share, m),
  }));
  return average(field) as tf.Tensor4D;
}

/** Rows and columns to either side that are averaged over; a car is 4 × 2 pixels on the laptop's grid. */
const around = { rows: 2, columns: 1 } as const;

/** after · Σ over the box around every pixel, as far as it lies in the grid, of before · values; values [B, H, W, 2], weights [B, H, W]. */
function weightedBoxSums(
  values: Float32Array,
  before: Float32Array,
  after: Float32Array,
  [B, H, W]: Shape,
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

/** Pixel p of the picture, pixel q of the grid, the part of p's mass that is there, and its derivatives by row and column. */
type Visit = (p: number, q: number, weight: number, byRow: number, byColumn: number) => void;

/** Visits, for every pixel `p` with mass, the up to four pixels `q` of the grid among which its place lies, bilinear. */
function forEachPlace(mass: Mass, displacement: Float32Array, visit: Visit): void {
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
  [, H, W]: Shape,
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

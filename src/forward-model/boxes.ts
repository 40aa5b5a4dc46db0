/**
 * Which part of its pixel the mass of every pixel fills: a rectangle, in pixels, [B, H, W] each. `top` and `left` are where it
 * begins within the pixel, and what it covers is height · width.
 */
export interface Boxes {
  readonly top: Float32Array;
  readonly left: Float32Array;
  readonly height: Float32Array;
  readonly width: Float32Array;
  /** Rows that go on beyond the picture's edge, as high as there are, of what the edge cuts. */
  readonly beyond: Float32Array;
}

export type GridShape = readonly [B: number, H: number, W: number];

/** Rows by which sums of boxes may be off. */
export const rounding = 1e-6;

/** Rows to either side in which the same vehicle shows how wide it is: one of them is covered over its whole height. */
const reach = 2;

/**
 * The boxes of vehicles, which are rectangles as long as several pixels and parallel to the road: a pixel that is covered in
 * part holds an edge. Its column is covered to the same breadth along the vehicle, so what is less than that lacks height;
 * and what is there lies towards the neighbor that is covered more. Exact for a vehicle that is not turned and has
 * nobody else in its pixels. A vehicle that the upper or lower edge of the picture cuts is taken to be as long as usual.
 * @param values coverage, [B, H, W] in [0, 1]
 * @param usualLength of a vehicle, in rows
 */
export function boxesOf(values: Float32Array, shape: GridShape, usualLength: number): Boxes {
  const [B, H, W] = shape;
  const boxes: Boxes = {
    top: new Float32Array(values.length),
    left: new Float32Array(values.length),
    height: new Float32Array(values.length),
    width: new Float32Array(values.length),
    beyond: new Float32Array(values.length),
  };
  for (let row = 0; row < B * H; row++) {
    const i = row % H;
    for (let j = 0; j < W; j++) {
      const p = row * W + j;
      const value = values[p]!;
      if (value === 0) continue;
      const above = i > 0 ? values[p - W]! : value;
      const below = i < H - 1 ? values[p + W]! : value;
      // Of what shows less than a row at the edge, the row says how much; of all else, the column says how broad it is.
      const sliver = (i === 0 && below === 0) || (i === H - 1 && above === 0);
      const most = sliver
        ? Math.max(largest(values, p, -1, j), largest(values, p, 1, W - 1 - j))
        : Math.max(largest(values, p, -W, i), largest(values, p, W, H - 1 - i));
      const size = Math.min(1, most);
      const rest = Math.min(1, value / size);
      [boxes.height[p], boxes.width[p]] = sliver ? [size, rest] : [rest, size];
      boxes.top[p] = towards(above, below, boxes.height[p]!);
      boxes.left[p] = towards(
        j > 0 ? values[p - 1]! : value,
        j < W - 1 ? values[p + 1]! : value,
        boxes.width[p]!,
      );
    }
  }
  const last = (H - 1) * W;
  for (let column = 0; column < B * W; column++) {
    const first = Math.floor(column / W) * H * W + (column % W);
    const { top, height } = boxes;
    if (top[first]! < rounding) {
      boxes.beyond[first] = Math.max(0, usualLength - extent(height, first, W, H));
    }
    if (top[first + last]! + height[first + last]! > 1 - rounding) {
      boxes.beyond[first + last] = Math.max(0, usualLength - extent(height, first + last, -W, H));
    }
  }
  return boxes;
}

/** Rows that the boxes from `p` on cover in steps of `stride`, as far as there are any; infinite for none. */
function extent(height: Float32Array, p: number, stride: number, most: number): number {
  if (height[p]! === 0) return Number.POSITIVE_INFINITY;
  let rows = 0;
  for (let k = 0; k < most && height[p + k * stride]! > 0; k++) rows += height[p + k * stride]!;
  return rows;
}

/** The largest coverage from `p` on in steps of `stride`, as far as there is any, at most `left` steps. */
function largest(values: Float32Array, p: number, stride: number, left: number): number {
  let most = values[p]!;
  for (let k = 1; k <= Math.min(reach, left); k++) {
    const value = values[p + k * stride]!;
    if (value === 0) break;
    most = Math.max(most, value);
  }
  return most;
}

/** Where a box of `size` begins in its pixel: at the side of the neighbor with more, in the middle between equals. */
function towards(before: number, after: number, size: number): number {
  if (before === after) return (1 - size) / 2;
  return before > after ? 0 : 1 - size;
}

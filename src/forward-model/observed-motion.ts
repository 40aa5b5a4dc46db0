import type { Mass } from "./mass.ts";

/** Coverage up to which a pixel counts as empty road. */
const empty = 0.02;
/** Rows of road between two boxes, on either side of a pixel's border, that are seen as a gap. */
const gap = 0.05;
/** Rows by which a vehicle may change its length between pictures, and by which it moves at most. */
const sameLength = 0.3;
const farthest = 3;
/** Part of its mass by which a shape may differ between pictures and still count as the same vehicle. */
const sameMass = 0.15;

/**
 * How traffic moved along the road between two pictures: in every column of pixels, a stretch that is covered moved as far
 * as its ends did, those that lie within both pictures. Exact for a rigid vehicle with a gap before and behind it;
 * those that no picture tells apart share their mean.
 * @param before, now traffic channel in [0, 1]
 * @returns rows per step, [B, H, W]; zero on empty road and for what was not there before
 */
export function observedMotion(before: Mass, now: Mass): Float32Array {
  return readOff(now, (stretch, column) => {
    const earlier = match(stretch, stretchesOf(before, column));
    return earlier === null ? null : shiftBetween(earlier, stretch);
  });
}

/**
 * How that motion changed between three pictures: the second difference of places, for stretches that no edge cuts and
 * that keep their length; zero for all others, since what a picture lacks looks like braking.
 * @param most bound of what is believed [rows per step²]
 * @returns rows per step², [B, H, W]
 */
export function observedAcceleration(
  [older, before, now]: readonly [older: Mass, before: Mass, now: Mass],
  most: number,
): Float32Array {
  return readOff(now, (stretch, column) => {
    const last = match(stretch, stretchesOf(before, column));
    if (last === null || !isRigid(last, stretch)) return null;
    const first = match(last, stretchesOf(older, column));
    if (first === null || !isRigid(first, last)) return null;
    const second = shiftBetween(last, stretch)! - shiftBetween(first, last)!;
    return Math.min(most, Math.max(-most, second));
  });
}

/** One column of pixels of one picture. */
interface Column {
  readonly window: number;
  readonly index: number;
}

/** What is covered without a gap in a column: pixels `first` ≤ row < `end`, and where it begins and ends [rows]. */
interface Stretch {
  readonly first: number;
  end: number;
  readonly upper: number;
  lower: number;
  readonly cutAbove: boolean;
  cutBelow: boolean;
}

const isWhole = ({ cutAbove, cutBelow }: Stretch): boolean => !cutAbove && !cutBelow;
const lengthOf = ({ upper, lower }: Stretch): number => lower - upper;
const isRigid = (a: Stretch, b: Stretch): boolean =>
  isWhole(a) && isWhole(b) && Math.abs(lengthOf(a) - lengthOf(b)) <= sameLength;

/** Rows from one place of a stretch to the other; null where no end of it lies within both pictures. */
function shiftBetween(from: Stretch, to: Stretch): number | null {
  const above = from.cutAbove || to.cutAbove ? null : to.upper - from.upper;
  const below = from.cutBelow || to.cutBelow ? null : to.lower - from.lower;
  if (above === null || below === null) return above ?? below;
  if (isRigid(from, to)) return (above + below) / 2;
  // Somebody else is counted in at one end in one of the pictures: the other end moved less.
  return Math.abs(above) < Math.abs(below) ? above : below;
}

/** The stretch of another picture that moved least to become this one. */
function match(stretch: Stretch, others: readonly Stretch[]): Stretch | null {
  let [best, least]: [Stretch | null, number] = [null, farthest];
  for (const other of others) {
    const shift = shiftBetween(other, stretch);
    if (shift === null || Math.abs(shift) > least) continue;
    [best, least] = [other, Math.abs(shift)];
  }
  return best;
}

/**
 * What can be read off every stretch of a picture, at its pixels, [B, H, W]. Columns side by side belong to the same
 * vehicle, and the one that it covers most of tells most: the others take over what that one says.
 */
function readOff(picture: Mass, read: (stretch: Stretch, column: Column) => number | null): Float32Array {
  const [B, H, W] = picture.shape;
  const values = picture.values();
  const out = new Float32Array(values.length);
  for (let window = 0; window < B; window++) {
    const columns = Array.from({ length: W }, (_, index) => {
      const column = { window, index };
      return stretchesOf(picture, column).map((stretch) => ({
        ...stretch,
        value: read(stretch, column),
        mass: massOf(stretch, values, window * H * W + index, W),
      }));
    });
    columns.forEach((stretches, index) => {
      for (const stretch of stretches) {
        const beside = [...(columns[index - 1] ?? []), ...(columns[index + 1] ?? [])];
        const told = [stretch, ...beside.filter((other) => overlap(stretch, other))]
          .filter(({ value }) => value !== null)
          .reduce(
            (most, other) => (most === null || other.mass > most.mass ? other : most),
            null as typeof stretch | null,
          );
        if (told === null) continue;
        for (let row = stretch.first; row < stretch.end; row++) {
          out[(window * H + row) * W + index] = told.value!;
        }
      }
    });
  }
  return out;
}

function massOf({ first, end }: Stretch, values: Float32Array, column: number, stride: number): number {
  let mass = 0;
  for (let row = first; row < end; row++) mass += values[column + row * stride]!;
  return mass;
}

/** Whether two stretches side by side lie at the same rows, for more than half of the shorter one. */
function overlap(a: Stretch, b: Stretch): boolean {
  const shared = Math.min(a.lower, b.lower) - Math.max(a.upper, b.upper);
  return shared > 0.5 * Math.min(lengthOf(a), lengthOf(b));
}

function stretchesOf(picture: Mass, { window, index }: Column): Stretch[] {
  const [, H, W] = picture.shape;
  const values = picture.values();
  const { top, height } = picture.boxes();
  const stretches: Stretch[] = [];
  let open: Stretch | null = null;
  for (let row = 0, p = window * H * W + index; row < H; row++, p += W) {
    if (values[p]! <= empty) {
      open = null;
      continue;
    }
    const upper = row + top[p]!;
    if (open === null || (row - open.lower > gap && upper - row > gap)) {
      open = { first: row, end: row, upper, lower: row, cutAbove: upper === 0, cutBelow: false };
      stretches.push(open);
    }
    open.end = row + 1;
    open.lower = upper + height[p]!;
    open.cutBelow = open.lower >= H;
  }
  return stretches;
}

/** Stretches side by side that hang together, and where their mass lies: its middle in rows and columns. */
interface Shape {
  readonly parts: readonly (Stretch & Column)[];
  readonly mass: number;
  readonly row: number;
  readonly column: number;
  /** Whether it lies wholly within the picture. */
  readonly whole: boolean;
}

/**
 * How traffic moved across the road between two pictures: every shape that lies wholly within them and keeps its mass
 * moved as far as its center of mass did. Zero for all others: a car that comes in at an edge seems to move
 * sideways as it turns up.
 * @param before, now traffic channel in [0, 1]
 * @param most bound of what is believed [columns per step]
 * @returns columns per step, [B, H, W]
 */
export function observedDrift(before: Mass, now: Mass, most: number): Float32Array {
  const [B, H, W] = now.shape;
  const drift = new Float32Array(now.values().length);
  for (let window = 0; window < B; window++) {
    const earlier = shapesOf(before, window).filter(({ whole }) => whole);
    for (const shape of shapesOf(now, window)) {
      if (!shape.whole) continue;
      const distance = (other: Shape): number =>
        Math.max(Math.abs(shape.row - other.row) / farthest, Math.abs(shape.column - other.column) / most);
      const same = earlier
        .filter((other) => Math.abs(other.mass - shape.mass) <= sameMass * shape.mass && distance(other) <= 1)
        .reduce(
          (near, other) => (near === null || distance(other) < distance(near) ? other : near),
          null as Shape | null,
        );
      if (same === null) continue;
      for (const { first, end, index } of shape.parts) {
        for (let row = first; row < end; row++)
          drift[(window * H + row) * W + index] = shape.column - same.column;
      }
    }
  }
  return drift;
}

function shapesOf(picture: Mass, window: number): Shape[] {
  const W = picture.shape[2];
  const left = Array.from({ length: W }, (_, index) =>
    stretchesOf(picture, { window, index }).map((stretch) => ({ ...stretch, window, index })),
  ).flat();
  const shapes: Shape[] = [];
  while (left.length > 0) {
    const parts = [left.shift()!];
    for (const part of parts) {
      for (let k = left.length - 1; k >= 0; k--) {
        if (Math.abs(left[k]!.index - part.index) === 1 && overlap(left[k]!, part))
          parts.push(...left.splice(k, 1));
      }
    }
    shapes.push(shapeOf(picture, parts));
  }
  return shapes;
}

function shapeOf(picture: Mass, parts: readonly (Stretch & Column)[]): Shape {
  const [, H, W] = picture.shape;
  const values = picture.values();
  const { top, height, left, width } = picture.boxes();
  let [mass, rows, columns] = [0, 0, 0];
  for (const { first, end, window, index } of parts) {
    for (let row = first; row < end; row++) {
      const p = (window * H + row) * W + index;
      mass += values[p]!;
      rows += values[p]! * (row + top[p]! + height[p]! / 2);
      columns += values[p]! * (index + left[p]! + width[p]! / 2);
    }
  }
  const whole = parts.every((part) => isWhole(part) && part.index > 0 && part.index < W - 1);
  return { parts, mass, row: rows / mass, column: columns / mass, whole };
}

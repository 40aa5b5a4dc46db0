import type { Mass } from "./mass.ts";
import { isWhole, lengthOf, overlap, stretchesOf, type Column, type Stretch } from "./stretches.ts";

/** Rows by which a vehicle may change its length between pictures. */
const sameLength = 0.3;
/** Rows by which it moves between pictures at most. */
export const farthest = 3;

/**
 * How traffic moved along the road between two pictures: in every column of pixels, a stretch that is covered moved as far
 * as its ends did, those that lie within both pictures. Exact for a rigid vehicle with a gap before and behind it;
 * those that no picture tells apart share their mean.
 * @param before, now traffic channel in [0, 1]
 * @returns rows per step, [B, H, W]; zero on empty road and for what was not there before
 */
export function observedMotion(before: Mass, now: Mass): Float32Array {
  return readOff(now, (column) => {
    const earlier = stretchesOf(before, column);
    return (stretch) => {
      const last = match(stretch, earlier);
      return last === null ? null : shiftBetween(last, stretch);
    };
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
  return readOff(now, (column) => {
    const [earlier, earliest] = [stretchesOf(before, column), stretchesOf(older, column)];
    return (stretch) => {
      const last = match(stretch, earlier);
      if (last === null || !isRigid(last, stretch)) return null;
      const first = match(last, earliest);
      if (first === null || !isRigid(first, last)) return null;
      const second = shiftBetween(last, stretch)! - shiftBetween(first, last)!;
      return Math.min(most, Math.max(-most, second));
    };
  });
}

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
function readOff(
  picture: Mass,
  reader: (column: Column) => (stretch: Stretch) => number | null,
): Float32Array {
  const [B, H, W] = picture.shape;
  const values = picture.values();
  const out = new Float32Array(values.length);
  for (let window = 0; window < B; window++) {
    const columns = Array.from({ length: W }, (_, index) => {
      const column = { window, index };
      const read = reader(column);
      return stretchesOf(picture, column).map((stretch) => ({
        ...stretch,
        value: read(stretch),
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

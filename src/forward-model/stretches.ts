import { rounding } from "./boxes.ts";
import type { Mass } from "./mass.ts";

/** Coverage up to which a pixel counts as empty road. */
const empty = 0.02;
/** Rows of road between two boxes, on either side of a pixel's border, that are seen as a gap. */
const gap = 0.05;

/** One column of pixels of one picture. */
export interface Column {
  readonly window: number;
  readonly index: number;
}

/** What is covered without a gap in a column: pixels `first` ≤ row < `end`, and where it begins and ends [rows]. */
export interface Stretch {
  readonly first: number;
  end: number;
  readonly upper: number;
  lower: number;
  readonly cutAbove: boolean;
  cutBelow: boolean;
}

export const isWhole = ({ cutAbove, cutBelow }: Stretch): boolean => !cutAbove && !cutBelow;
export const lengthOf = ({ upper, lower }: Stretch): number => lower - upper;

/** Whether two stretches side by side lie at the same rows, for more than half of the shorter one. */
export function overlap(a: Stretch, b: Stretch): boolean {
  const shared = Math.min(a.lower, b.lower) - Math.max(a.upper, b.upper);
  return shared > 0.5 * Math.min(lengthOf(a), lengthOf(b));
}

/** What a column of a picture shows, from above to below. */
export function stretchesOf(picture: Mass, { window, index }: Column): Stretch[] {
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
      open = { first: row, end: row, upper, lower: row, cutAbove: upper < rounding, cutBelow: false };
      stretches.push(open);
    }
    open.end = row + 1;
    open.lower = upper + height[p]!;
    open.cutBelow = open.lower > H - rounding;
  }
  return stretches;
}

import type { Mass } from "./mass.ts";
import { farthest } from "./observed-motion.ts";
import { isWhole, overlap, stretchesOf, type Column, type Stretch } from "./stretches.ts";

/** Part of its mass by which a shape may differ between pictures and still count as the same vehicle. */
const sameMass = 0.15;

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

/** Stretches side by side that hang together, and where their mass lies: its middle in rows and columns. */
interface Shape {
  readonly parts: readonly (Stretch & Column)[];
  readonly mass: number;
  readonly row: number;
  readonly column: number;
  /** Whether it lies wholly within the picture. */
  readonly whole: boolean;
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

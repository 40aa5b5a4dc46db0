import { expect, test } from "vitest";
import { boxCorners, boxesOverlap, createRng, type OrientedBox } from "../../src/core/index.ts";

/** A point turned counter-clockwise around the origin by an angle [rad]. */
const turned = (x: number, y: number, angle: number): [number, number] => [
  x * Math.cos(angle) - y * Math.sin(angle),
  x * Math.sin(angle) + y * Math.cos(angle),
];

const car = { x: 0, y: 0, heading: 0, length: 4, width: 2 };

test("cars bumper to bumper or side by side do not overlap, a millimeter closer they do", () => {
  expect(boxesOverlap(car, { ...car, x: 4 })).toBe(false);
  expect(boxesOverlap(car, { ...car, x: 3.999 })).toBe(true);
  expect(boxesOverlap(car, { ...car, y: 2 })).toBe(false);
  expect(boxesOverlap(car, { ...car, y: 1.999 })).toBe(true);
});

test("boxes whose outer bounds overlap may still be apart along a diagonal", () => {
  const oblique = { ...car, heading: Math.PI / 4 };
  expect(boxesOverlap(car, { ...oblique, x: 3.1, y: 2.9 })).toBe(false);
  expect(boxesOverlap(car, { ...oblique, x: 3, y: 2.7 })).toBe(true);
});

test("overlap is symmetric and agrees with a fine grid of sample points", () => {
  const rng = createRng("boxes");
  const contains = (box: OrientedBox, x: number, y: number): boolean => {
    const [ahead, left] = turned(x - box.x, y - box.y, -box.heading);
    return Math.abs(ahead) < box.length / 2 && Math.abs(left) < box.width / 2;
  };
  for (let n = 0; n < 300; n++) {
    const draw = (): OrientedBox => ({
      x: 4 * rng.uniform(),
      y: 4 * rng.uniform(),
      heading: 6 * rng.uniform(),
      length: 1 + 4 * rng.uniform(),
      width: 1 + rng.uniform(),
    });
    const a = draw();
    const b = draw();
    expect(boxesOverlap(a, b)).toBe(boxesOverlap(b, a));
    let shared = false;
    for (let i = -20; i <= 20; i++) {
      for (let j = -20; j <= 20; j++) {
        const [x, y] = turned((i / 40.5) * a.length, (j / 40.5) * a.width, a.heading);
        shared ||= contains(b, a.x + x, a.y + y);
      }
    }
    if (shared) expect(boxesOverlap(a, b)).toBe(true);
    const shrunk = { ...b, length: b.length - 0.3, width: b.width - 0.3 };
    if (!shared) expect(boxesOverlap(a, shrunk)).toBe(false);
  }
});

test("corners go counter-clockwise from the front left", () => {
  expect(boxCorners(car)).toEqual([
    [2, 1],
    [-2, 1],
    [-2, -1],
    [2, -1],
  ]);
  const [[x, y]] = boxCorners({ ...car, heading: Math.PI / 2 });
  expect(x).toBeCloseTo(-1, 12);
  expect(y).toBeCloseTo(2, 12);
});

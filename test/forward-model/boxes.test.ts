import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { boxesOf } from "../../src/forward-model/boxes.ts";
import { createMass } from "../../src/forward-model/mass.ts";
import { dropped } from "../../src/forward-model/moving-mass.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import { drawRectangles, type Rectangle } from "../support/rectangles.ts";

const [H, W] = [16, 8];
const draw = (...rectangles: Rectangle[]): Float32Array => drawRectangles(rectangles, [H, W]);

/** Everything moved alike. */
function moved(picture: Float32Array, down: number, right: number): Float32Array {
  const displacement = Float32Array.from({ length: 2 * H * W }, (_, k) => (k % 2 === 0 ? down : right));
  return dropped(createMass(picture, [1, H, W], { pixels: "laptop" }), displacement);
}

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, p) => Math.max(most, Math.abs(value - b[p]!)), 0);

describe("the boxes that mass fills", () => {
  const rng = createRng("boxes");
  const cars = Array.from({ length: 40 }, () => ({
    top: 3 + 3 * rng.uniform(),
    left: 1.5 + 2 * rng.uniform(),
    length: 3 + 3 * rng.uniform(),
    width: 1.4 + 1.2 * rng.uniform(),
  }));
  const [down, right] = [2.37, 0.61];

  test("are those of a rectangle, so that it can be moved by parts of a pixel and stays sharp", () => {
    for (const car of cars) {
      const there = draw({ ...car, top: car.top + down, left: car.left + right });
      expect(largestDifference(moved(draw(car), down, right), there)).toBeLessThan(1e-5);
    }
  });

  test("of a car that the edge of the picture cuts go on beyond it, as long as cars are", () => {
    const usual = 4.6 / pixelSpecs.laptop.metersPerRow;
    for (const visible of [0.4, 1.3, 2.8, usual]) {
      const above = { top: visible - usual, left: 2, length: usual, width: 2.4 };
      const below = { ...above, top: H - visible };
      for (const [car, down] of [
        [above, 1.7],
        [below, -2.6],
      ] as const) {
        const there = draw({ ...car, top: car.top + down });
        expect(largestDifference(moved(draw(car), down, 0), there)).toBeLessThan(1e-5);
      }
    }
  });

  test("of two in neighboring lanes are each its own", () => {
    const [one, other] = [
      { top: 3.3, left: 0.6, length: 4.2 },
      { top: 4.8, left: 4.7, length: 3.7 },
    ];
    const there = draw({ ...one, top: one.top + 0.4 }, { ...other, top: other.top + 0.4 });
    expect(largestDifference(moved(draw(one, other), 0.4, 0), there)).toBeLessThan(1e-5);
  });

  test("cover what the pixels held, within them", () => {
    const values = Float32Array.from({ length: H * W }, () => (rng.uniform() < 0.5 ? rng.uniform() : 0));
    const { top, left, height, width } = boxesOf(values, [1, H, W], 4);
    values.forEach((value, p) => {
      expect(height[p]! * width[p]!).toBeCloseTo(value, 6);
      if (value === 0) return;
      for (const [from, size] of [
        [top[p]!, height[p]!],
        [left[p]!, width[p]!],
      ]) {
        expect(from).toBeGreaterThanOrEqual(0);
        expect(from! + size!).toBeLessThanOrEqual(1 + 1e-6);
      }
    });
  });
});

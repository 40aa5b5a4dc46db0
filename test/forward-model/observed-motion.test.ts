import { describe, expect, test } from "vitest";
import {
  observedAcceleration,
  observedDrift,
  observedMotion,
} from "../../src/forward-model/observed-motion.ts";

const [H, W] = [24, 8];
const shape = [1, H, W] as const;

interface Box {
  /** Edges in rows and columns. */
  readonly top: number;
  readonly left: number;
  readonly length?: number;
  readonly width?: number;
}

/** Boxes drawn by the area that they cover of each pixel. */
function pictureOf(boxes: readonly Box[]): Float32Array {
  const covered = (from: number, size: number, cell: number): number =>
    Math.max(0, Math.min(from + size, cell + 1) - Math.max(from, cell));
  return Float32Array.from({ length: H * W }, (_, p) =>
    boxes.reduce(
      (sum, { top, left, length = 4, width = 2 }) =>
        sum + covered(top, length, Math.floor(p / W)) * covered(left, width, p % W),
      0,
    ),
  );
}

const pixelsOf = (picture: Float32Array): number[] => [...picture.keys()].filter((p) => picture[p]! > 0.02);

describe("motion that pictures show", () => {
  test("of rigid boxes in their columns it is exact, each its own", () => {
    const now = pictureOf([
      { top: 4.3, left: 1 },
      { top: 13.9, left: 5 },
    ]);
    const motion = observedMotion(
      pictureOf([
        { top: 5, left: 1 },
        { top: 13.1, left: 5 },
      ]),
      now,
      shape,
    );
    for (const p of pixelsOf(now)) expect(motion[p]).toBeCloseTo(p % W < 4 ? -0.7 : 0.8, 5);
    expect(motion[0]).toBe(0);
  });

  test("of a box that the upper edge cuts, what came in says how far it moved", () => {
    const now = pictureOf([{ top: -1.2, left: 2 }]);
    const motion = observedMotion(pictureOf([{ top: -1.8, left: 2 }]), now, shape);
    for (const p of pixelsOf(now)) expect(motion[p]).toBeCloseTo(0.6, 5);
  });
});

describe("acceleration that pictures show", () => {
  const brake = [
    { top: 8, left: 3 },
    { top: 7.5, left: 3 },
    { top: 7.1, left: 3 },
  ] as const;
  const [older, before, now] = brake.map((box) => pictureOf([box])) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];

  test("is the second difference of a rigid box's places, up to what is believed", () => {
    const change = observedAcceleration([older, before, now], shape, 1);
    for (const p of pixelsOf(now)) expect(change[p]).toBeCloseTo(0.1, 5);
    const bounded = observedAcceleration([older, before, now], shape, 0.04);
    for (const p of pixelsOf(now)) expect(bounded[p]).toBeCloseTo(0.04, 6);
  });

  test("is zero where the edge of a picture cuts a box, or where its mass changes", () => {
    const entering = [-3, -2, -0.5].map((top) => pictureOf([{ top, left: 3 }]));
    const growing = [3, 4, 5].map((length) => pictureOf([{ top: 8, left: 3, length }]));
    for (const pictures of [entering, growing]) {
      const change = observedAcceleration(pictures as [Float32Array, Float32Array, Float32Array], shape, 1);
      expect(change.every((value) => value === 0)).toBe(true);
    }
  });
});

describe("drift that pictures show", () => {
  test("of a box that changes columns it is exact, and its neighbor's is its own", () => {
    const now = pictureOf([
      { top: 4, left: 1.4 },
      { top: 12, left: 4.2 },
    ]);
    const drift = observedDrift(
      pictureOf([
        { top: 5, left: 1.1 },
        { top: 12.5, left: 4.2 },
      ]),
      now,
      shape,
      1,
    );
    for (const p of pixelsOf(now)) expect(drift[p]).toBeCloseTo(p < 10 * W ? 0.3 : 0, 5);
  });

  test("is not believed of a box at an edge, nor beyond its bound", () => {
    const still = { top: 4, left: 3 };
    const cut = observedDrift(
      pictureOf([{ ...still, left: -0.5 }]),
      pictureOf([{ ...still, left: -0.1 }]),
      shape,
      1,
    );
    const fast = observedDrift(pictureOf([still]), pictureOf([{ ...still, left: 3.9 }]), shape, 0.5);
    expect([...cut, ...fast].every((value) => value === 0)).toBe(true);
  });
});

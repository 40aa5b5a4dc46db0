import { describe, expect, test } from "vitest";
import { createMass, type Mass } from "../../src/forward-model/mass.ts";
import { observedDrift } from "../../src/forward-model/observed-drift.ts";
import { observedAcceleration, observedMotion } from "../../src/forward-model/observed-motion.ts";
import { stretchesOf } from "../../src/forward-model/stretches.ts";
import { drawRectangles, type Rectangle } from "../support/rectangles.ts";

const [H, W] = [24, 8];

const draw = (...rectangles: Rectangle[]): Float32Array => drawRectangles(rectangles, [H, W]);
const massOf = (picture: Float32Array): Mass => createMass(picture, [1, H, W], { pixels: "laptop" });
/** What is seen where these rectangles are. */
const seen = (...rectangles: Rectangle[]): Mass => massOf(draw(...rectangles));

const pixelsOf = (picture: Float32Array): number[] => [...picture.keys()].filter((p) => picture[p]! > 0.02);

describe("motion that pictures show", () => {
  test("of rigid boxes in their columns it is exact, each its own", () => {
    const now = [
      { top: 4.3, left: 1, length: 3.6 },
      { top: 13.9, left: 5, length: 4.3, width: 1.7 },
    ] as const;
    const [one, other] = now;
    const motion = observedMotion(seen({ ...one, top: 5 }, { ...other, top: 13.1 }), seen(...now));
    for (const p of pixelsOf(draw(...now))) expect(motion[p]).toBeCloseTo(p % W < 4 ? -0.7 : 0.8, 5);
    expect(motion[0]).toBe(0);
  });

  test("of two cars close behind each other is each its own", () => {
    const now = [
      { top: 4.3, left: 2, length: 3.6 },
      { top: 8.8, left: 2, length: 3.8 },
    ] as const;
    const motion = observedMotion(seen({ ...now[0], top: 4.9 }, { ...now[1], top: 8.9 }), seen(...now));
    expect(motion[5 * W + 2]).toBeCloseTo(-0.6, 5);
    expect(motion[10 * W + 2]).toBeCloseTo(-0.1, 5);
  });

  test("of a side of which hardly anything was seen is that of the rest of the car", () => {
    const now = { top: 5.2, left: 2.9, length: 3.6, width: 1.8 };
    const motion = observedMotion(seen({ ...now, top: 5.9, left: 3 }), seen(now));
    for (const p of pixelsOf(draw(now))) expect(motion[p]).toBeCloseTo(-0.7, 5);
  });

  test("of a box that the upper edge cuts, the end that is seen says how far it moved", () => {
    const now = { top: -1.2, left: 2 };
    const motion = observedMotion(seen({ ...now, top: -1.8 }), seen(now));
    for (const p of pixelsOf(draw(now))) expect(motion[p]).toBeCloseTo(0.6, 5);
  });
});

describe("a stretch", () => {
  test("is cut by an edge that it touches, however little of it is seen", () => {
    for (let visible = 0.05; visible < 2; visible += 0.05) {
      const above = stretchesOf(seen({ top: visible - 4, left: 2, width: 2.3 }), { window: 0, index: 3 });
      const below = stretchesOf(seen({ top: H - visible, left: 2, width: 2.3 }), { window: 0, index: 3 });
      expect(above.map(({ cutAbove, cutBelow }) => [cutAbove, cutBelow])).toEqual([[true, false]]);
      expect(below.map(({ cutAbove, cutBelow }) => [cutAbove, cutBelow])).toEqual([[false, true]]);
    }
  });
});

describe("acceleration that pictures show", () => {
  const brake = [8, 7.5, 7.1].map((top) => ({ top, left: 3, length: 3.6 }));
  const [older, before, now] = brake.map((box) => seen(box)) as [Mass, Mass, Mass];

  test("is the second difference of a rigid box's places, up to what is believed", () => {
    const change = observedAcceleration([older, before, now], 1);
    for (const p of pixelsOf(now.values())) expect(change[p]).toBeCloseTo(0.1, 5);
    const bounded = observedAcceleration([older, before, now], 0.04);
    for (const p of pixelsOf(now.values())) expect(bounded[p]).toBeCloseTo(0.04, 6);
  });

  test("is zero where the edge of a picture cuts a box, or where its mass changes", () => {
    const entering = [-3, -2, -0.5].map((top) => seen({ top, left: 3 }));
    const growing = [3, 4, 5].map((length) => seen({ top: 8, left: 3, length }));
    for (const pictures of [entering, growing]) {
      const change = observedAcceleration(pictures as [Mass, Mass, Mass], 1);
      expect(change.every((value) => value === 0)).toBe(true);
    }
  });
});

describe("drift that pictures show", () => {
  test("of a box that changes columns it is exact, and its neighbor's is its own", () => {
    const [changing, steady] = [
      { top: 4, left: 1.4, width: 1.7 },
      { top: 12, left: 4.2 },
    ];
    const drift = observedDrift(
      seen({ ...changing, top: 5, left: 1.1 }, { ...steady, top: 12.5 }),
      seen(changing, steady),
      1,
    );
    for (const p of pixelsOf(draw(changing, steady))) expect(drift[p]).toBeCloseTo(p < 10 * W ? 0.3 : 0, 5);
  });

  test("is not believed of a box at an edge, nor beyond its bound", () => {
    const still = { top: 4, left: 3 };
    const cut = observedDrift(seen({ ...still, left: -0.5 }), seen({ ...still, left: -0.1 }), 1);
    const fast = observedDrift(seen(still), seen({ ...still, left: 3.9 }), 0.5);
    expect([...cut, ...fast].every((value) => value === 0)).toBe(true);
  });
});

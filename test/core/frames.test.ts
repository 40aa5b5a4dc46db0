import { expect, test } from "vitest";
import { createRng, egoToRoad, roadToEgo } from "../../src/core/index.ts";

test("what lies ahead of an ego that drives to the left lies to the left on the road", () => {
  const pose = { x: 10, y: -3.7, heading: Math.PI / 2 };
  const point = egoToRoad(pose, { x: 5, y: 0 });
  expect(point.x).toBeCloseTo(10, 12);
  expect(point.y).toBeCloseTo(1.3, 12);
});

test("road to ego and back is the same point, for any pose", () => {
  const rng = createRng(1);
  for (let n = 0; n < 100; n++) {
    const pose = { x: 500 * rng.uniform(), y: rng.normal(), heading: 3 * rng.normal() };
    const point = { x: 500 * rng.uniform(), y: 10 * rng.normal() };
    const back = egoToRoad(pose, roadToEgo(pose, point));
    expect(back.x).toBeCloseTo(point.x, 9);
    expect(back.y).toBeCloseTo(point.y, 9);
  }
});

import { describe, expect, test } from "vitest";
import {
  channelCount,
  createRenderer,
  createTraffic,
  pixelSpecs,
  planeOf,
  straightRoad,
  type Bend,
  type Road,
} from "../../src/sim/index.ts";

const radius = 200;
const arc: Bend = [{ x: 0, curvature: 1 / radius }];
const bent = (bend: Bend): Road => ({ ...straightRoad("bent", 600, 3), bend });

describe("the picture of a bend", () => {
  const spec = pixelSpecs.paper;
  const size = spec.height * spec.width * channelCount;
  const someone = (x: number, y: number) => {
    const traffic = createTraffic(1);
    traffic.count = 1;
    traffic.x[0] = x;
    traffic.y[0] = y;
    traffic.length[0] = 4.8;
    traffic.width[0] = 1.9;
    return traffic;
  };
  const picture = (road: Road, x: number, y: number, heading: number, traffic = createTraffic(0)) => {
    const out = new Uint8Array(size);
    createRenderer(spec, road).render({ x, y, heading }, traffic, -1, out, 0);
    return out;
  };
  const largestDifference = (a: Uint8Array, b: Uint8Array): number =>
    a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);

  test("a bend that hardly bends looks like a straight road", () => {
    const straight = picture(straightRoad("", 600, 3), 300, -3, 0.02, someone(315, -3.7));
    const hardly = picture(bent([{ x: 0, curvature: 1e-9 }]), 300, -3, 0.02, someone(315, -3.7));
    expect(largestDifference(straight, hardly)).toBeLessThanOrEqual(3);
  });

  test("before the bend comes into sight it is the straight road's picture to the bit", () => {
    const road = bent([
      { x: 300, curvature: 0 },
      { x: 350, curvature: 1 / 200 },
    ]);
    expect(picture(road, 200, -3, 0.05)).toEqual(picture(straightRoad("", 600, 3), 200, -3, 0.05));
  });

  test("along an arc the picture stays the same, and mirrors when the road does", () => {
    const here = picture(bent(arc), 120, -3.7, 0);
    expect(largestDifference(here, picture(bent(arc), 333, -3.7, 0))).toBeLessThanOrEqual(3);
    const mirrored: Road = {
      ...bent([{ x: 0, curvature: -1 / radius }]),
      lanes: [7.4, 3.7, 0].map((center) => ({ center, width: 3.7, start: 0, end: 600 })),
    };
    const there = picture(mirrored, 120, 3.7, 0);
    const flipped = new Uint8Array(size);
    for (let row = 0; row < spec.height; row++) {
      for (let column = 0; column < spec.width; column++) {
        const to = (row * spec.width + column) * channelCount;
        const from = (row * spec.width + spec.width - 1 - column) * channelCount;
        flipped.set(there.subarray(from, from + channelCount), to);
      }
    }
    expect(largestDifference(here, flipped)).toBeLessThanOrEqual(3);
  });

  test("a car ahead in the lane is seen to the left in a bend to the left, turned, and at its full area", () => {
    const traffic = someone(325, -3.7);
    const out = picture(bent(arc), 300, -3.7, 0, traffic);
    let area = 0;
    let column = 0;
    for (let pixel = 0; pixel < size / channelCount; pixel++) {
      const value = out[pixel * channelCount + 1]! / 255;
      area += value;
      column += value * ((pixel % spec.width) + 0.5);
    }
    expect(area * spec.metersPerRow * spec.metersPerColumn).toBeCloseTo(4.8 * 1.9, 1);
    const plane = planeOf(arc);
    const eye = plane.place({ x: 300, y: -3.7, heading: 0 });
    const other = plane.place({ x: 325, y: -3.7, heading: 0 });
    const left = (other.y - eye.y) * Math.cos(eye.heading) - (other.x - eye.x) * Math.sin(eye.heading);
    expect((spec.width / 2 - column / area) * spec.metersPerColumn).toBeCloseTo(left, 1);
    expect(left).toBeGreaterThan(1.4);
  });
});

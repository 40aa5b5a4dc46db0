import { describe, expect, test } from "vitest";
import { channels, pixelSpecs, straightRoad } from "../../src/sim/index.ts";
import { channelOf, picture } from "../support/pictures.ts";

describe("the paper's grid", () => {
  const spec = pixelSpecs.paper;
  const road = straightRoad("six", 600, 6);

  test("is 468 × 96 px of 24 px to a lane, down-sampled by 4: 36.1 m ahead at 130 km/h, four lanes across", () => {
    const pixelsPerMeter = 24 / 3.7;
    const lookAhead = 130 / 3.6;
    expect(Math.floor((2 * lookAhead * pixelsPerMeter) / 4)).toBe(spec.height);
    expect((4 * 24) / 4).toBe(spec.width);
    expect(spec.metersPerRow).toBeCloseTo(4 / pixelsPerMeter, 12);
    expect(spec.metersPerColumn).toBeCloseTo(4 / pixelsPerMeter, 12);
    expect(spec.height * spec.metersPerRow).toBeCloseTo(468 / pixelsPerMeter, 12);
    expect(spec.width * spec.metersPerColumn).toBeCloseTo(4 * 3.7, 12);
  });

  test("a lane line keeps its strength up to the first column, where the paper's wrapped to nothing", () => {
    // A line of 1 px averages 64 on the border; times 4 that is 256, which eight bits cannot hold.
    expect((64 * 4) & 255).toBe(0);
    for (let step = 0; step <= 64; step++) {
      const y = -7.4 + (step / 64) * spec.metersPerColumn;
      const lane = channelOf(
        picture(spec, {
          road,
          ego: { x: 300, y, heading: 0, speed: 9, length: 4.7, width: 1.9 },
          others: [],
        }),
        channels.lane,
      );
      const row = lane.slice(0, spec.width);
      // Three lines lie inside for certain: 0.2 m at three times its coverage is 247 on a pixel of 0.617 m.
      const inner = row.slice(1, -1).reduce((a, b) => a + b, 0);
      expect(inner).toBeGreaterThan(3 * 247 - 12);
      expect(Math.max(...row)).toBeLessThanOrEqual(248);
    }
  });

  test("two lines one to three pixels apart add up to full strength and no further", () => {
    for (const gap of [0.15, 0.3, 0.45]) {
      // An ego whose lines are those of two narrow lanes side by side.
      const narrow = straightRoad("narrow", 600, 2, gap);
      const ego = { x: 300, y: 0, heading: 0, speed: 9, length: 4.7, width: 1.9 };
      const strongest = Math.max(
        ...channelOf(picture(spec, { road: narrow, ego, others: [] }), channels.lane),
      );
      expect(strongest).toBe(255);
    }
  });
});

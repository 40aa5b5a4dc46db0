import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import {
  channelCount,
  channels,
  createRenderer,
  pixelSpecs,
  pixelStateToAscii,
  straightRoad,
  type PixelSpec,
  type BendKnot,
  type Road,
} from "../../src/sim/index.ts";
import { scenes } from "../scenes/index.ts";
import { channelOf, picture, trafficOf } from "../support/pictures.ts";

/** Largest difference between two pictures, in bytes. */
const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
};

/** Traffic area seen in a picture [m²]. */
const areaIn = (spec: PixelSpec, pixels: Uint8Array): number =>
  (channelOf(pixels, channels.traffic).reduce((a, b) => a + b, 0) / 255) *
  spec.metersPerRow *
  spec.metersPerColumn;

const specs = Object.entries(pixelSpecs);

/** The bend of a road, if any, with every knot changed. */
const bent = ({ bend }: Road, change: (knot: BendKnot) => BendKnot): Pick<Road, "bend"> =>
  bend === undefined ? {} : { bend: bend.map(change) };

describe.each(scenes)("the picture of: $name", (scene) => {
  test("looks as it always did", () => {
    const spec = pixelSpecs.laptop;
    const ego = new Uint8Array(spec.height * spec.width);
    createRenderer(spec, scene.road).renderEgo(scene.ego, ego, 0);
    expect(`\n${pixelStateToAscii(spec, picture(spec, scene), 0, ego)}\n`).toMatchSnapshot();
  });

  test.each(specs)("shifts with the world (%s)", (_, spec) => {
    const by = 123.456;
    const shifted = {
      ego: { ...scene.ego, x: scene.ego.x + by },
      others: scene.others.map((other) => ({ ...other, x: other.x + by })),
      road: {
        ...scene.road,
        length: scene.road.length + by,
        lanes: scene.road.lanes.map((lane) => ({
          ...lane,
          start: lane.start <= 0 ? 0 : lane.start + by,
          end: lane.end + by,
        })),
        ...bent(scene.road, ({ x, curvature }) => ({ x: x + by, curvature })),
      },
    };
    expect(difference(picture(spec, scene), picture(spec, shifted))).toBeLessThanOrEqual(1);
  });

  test.skipIf(scene.road.bend !== undefined).each(specs)("turns with the world (%s)", (_, spec) => {
    // Half a turn keeps a road along its axis: it is driven from the other end, its lanes seen from the other side.
    const { road } = scene;
    const half = <Posed extends { x: number; y: number; heading: number }>(posed: Posed): Posed => ({
      ...posed,
      x: road.length - posed.x,
      y: -posed.y,
      heading: posed.heading + Math.PI,
    });
    const turned = {
      ego: half(scene.ego),
      others: scene.others.map(half),
      road: {
        ...road,
        lanes: road.lanes
          .map((lane) => ({
            ...lane,
            center: -lane.center,
            start: road.length - lane.end,
            end: road.length - lane.start,
          }))
          .reverse(),
      },
    };
    // Drawn by exact coverage on one side, by the quick way on the other.
    expect(difference(picture(spec, scene), picture(spec, turned))).toBeLessThanOrEqual(8);
  });

  test.skipIf(scene.road.bend !== undefined).each(specs)(
    "shows the same traffic however all turn (%s)",
    (_, spec) => {
      const seen = channelOf(picture(spec, scene), channels.traffic);
      for (const angle of [0.05, 0.7, 2.4, -1.5]) {
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        const turn = <Posed extends { x: number; y: number; heading: number }>(posed: Posed): Posed => ({
          ...posed,
          x: posed.x * cos - posed.y * sin,
          y: posed.x * sin + posed.y * cos,
          heading: posed.heading + angle,
        });
        const turned = { road: scene.road, ego: turn(scene.ego), others: scene.others.map(turn) };
        expect(difference(seen, channelOf(picture(spec, turned), channels.traffic))).toBeLessThanOrEqual(1);
      }
    },
  );

  test.each(specs)("mirrors with the road (%s)", (_, spec) => {
    const mirrored = {
      ego: { ...scene.ego, y: -scene.ego.y, heading: -scene.ego.heading },
      others: scene.others.map((other) => ({ ...other, y: -other.y, heading: -other.heading })),
      road: {
        ...scene.road,
        lanes: scene.road.lanes.map((lane) => ({ ...lane, center: -lane.center })).reverse(),
        ...bent(scene.road, ({ x, curvature }) => ({ x, curvature: -curvature })),
      },
    };
    const original = picture(spec, scene);
    const other = picture(spec, mirrored);
    let most = 0;
    for (let i = 0; i < original.length; i++) {
      const channel = i % channelCount;
      const pixel = (i - channel) / channelCount;
      const column = pixel % spec.width;
      const twin = (pixel - column + spec.width - 1 - column) * channelCount + channel;
      most = Math.max(most, Math.abs(original[i] - other[twin]));
    }
    // Kept ground is stepped by 1/256 of a column, and lane lines are drawn three times as strong.
    expect(most).toBeLessThanOrEqual(5);
  });
});

describe.each(specs)("pixel states (%s)", (_, spec) => {
  const road = straightRoad("six", 600, 6);
  const ego = { x: 300, y: -7.4, heading: 0, speed: 10, length: 4.7, width: 1.9 };
  const other = { ...ego, x: 312, y: -5 };

  test("a car's area is kept while it moves through the pixels", () => {
    for (let step = 0; step < 60; step++) {
      const moved = { ...other, x: other.x + 0.037 * step, y: other.y - 0.023 * step };
      expect(areaIn(spec, picture(spec, { road, ego, others: [moved] })) / (4.7 * 1.9)).toBeCloseTo(1, 2);
    }
  });

  test("a car's area is kept while it turns, through slow and fast drawing alike", () => {
    for (const heading of [0, 0.01, 0.05, 0.099, 0.101, 0.3, 0.8, Math.PI / 2, 3, -0.05, -2]) {
      const turned = { ...other, heading };
      expect(areaIn(spec, picture(spec, { road, ego, others: [turned] })) / (4.7 * 1.9)).toBeCloseTo(1, 1.6);
    }
  });

  test("drawing nearly aligned and exactly meet where one takes over from the other", () => {
    const at = (heading: number): Uint8Array =>
      picture(spec, {
        road,
        ego: { ...ego, heading: -0.02 },
        others: [{ ...other, heading: heading - 0.02 }],
      });
    expect(difference(at(0.0999), at(0.1001))).toBeLessThanOrEqual(10);
  });

  test("kept and freshly drawn ground meet where one takes over from the other", () => {
    const at = (heading: number): Uint8Array => picture(spec, { road, ego: { ...ego, heading }, others: [] });
    expect(difference(at(0.0399), at(0.0401))).toBeLessThanOrEqual(20);
  });

  test("the exact area of a car that is aligned with the pixels is there, pixel by pixel", () => {
    const pixels = channelOf(picture(spec, { road, ego, others: [other] }), channels.traffic);
    for (let row = 0; row < spec.height; row++) {
      for (let column = 0; column < spec.width; column++) {
        const ahead = (spec.height / 2 - row) * spec.metersPerRow;
        const left = (spec.width / 2 - column) * spec.metersPerColumn;
        const along = Math.min(ahead, 12 + 2.35) - Math.max(ahead - spec.metersPerRow, 12 - 2.35);
        const across = Math.min(left, 2.4 + 0.95) - Math.max(left - spec.metersPerColumn, 2.4 - 0.95);
        const area = Math.max(0, along) * Math.max(0, across);
        const coverage = area / (spec.metersPerRow * spec.metersPerColumn);
        expect(pixels[row * spec.width + column]).toBeCloseTo(255 * coverage, -0.31);
      }
    }
  });

  test("ahead is up, left is left, and the ego itself is skipped", () => {
    const traffic = trafficOf([ego, { ...other, y: ego.y + 3.7 }]);
    const out = new Uint8Array(spec.height * spec.width * channelCount);
    createRenderer(spec, road).render(ego, traffic, 0, out, 0);
    const seen = channelOf(out, channels.traffic);
    const rows: number[] = [];
    const columns: number[] = [];
    seen.forEach((value, i) => {
      if (value === 0) return;
      rows.push(Math.floor(i / spec.width));
      columns.push(i % spec.width);
    });
    expect(Math.max(...rows)).toBeLessThan(spec.height / 2);
    expect(Math.max(...columns)).toBeLessThan(spec.width / 2);
  });

  test("nothing wraps: crossing lines and crowded cars stay at full at most", () => {
    const rng = createRng(4);
    const narrow = straightRoad("narrow", 600, 12, 0.6);
    const others = Array.from({ length: 60 }, () => ({
      ...ego,
      x: 290 + 20 * rng.uniform(),
      y: -7 * rng.uniform(),
    }));
    const full = picture(spec, { road: narrow, ego, others });
    const alone = picture(spec, { road: narrow, ego, others: others.slice(0, 1) });
    for (let i = channels.traffic; i < full.length; i += channelCount) expect(full[i] >= alone[i]).toBe(true);
  });

  test("a picture can be written anywhere in a larger array, aligned or not", () => {
    const size = spec.height * spec.width * channelCount;
    const alone = picture(spec, { road, ego, others: [other] });
    const renderer = createRenderer(spec, road);
    for (const offset of [0, size, 3, 41]) {
      const many = new Uint8Array(2 * size + 64).fill(9);
      renderer.render(ego, trafficOf([other]), -1, many, offset);
      expect(difference(many.subarray(offset, offset + size), alone)).toBeLessThanOrEqual(3);
      expect(many[offset + size]).toBe(9);
      if (offset > 0) expect(many[offset - 1]).toBe(9);
    }
  });
});

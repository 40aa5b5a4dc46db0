import { describe, expect, test } from "vitest";
import {
  chartSheet,
  createPlane,
  intervalPlot,
  linePlot,
  scatterPlot,
  ticksOf,
  tickText,
  type Axis,
} from "../../src/charts/index.ts";

const seconds: Axis = { label: "seconds", low: 0, high: 10 };
const errors: Axis = { label: "error", low: 1e-4, high: 10, logarithmic: true };

describe("an axis", () => {
  test("has round ticks that lie within it", () => {
    expect(ticksOf({ low: 0, high: 28 })).toEqual([0, 5, 10, 15, 20, 25]);
    expect(ticksOf({ low: -3, high: 3 })).toEqual([-3, -2, -1, 0, 1, 2, 3]);
    expect(ticksOf({ low: 0.05, high: 0.95 })).toHaveLength(4);
  });

  test("that is logarithmic has one and three times every power of ten, named as such where they get long", () => {
    const ticks = ticksOf({ low: 0.5, high: 200, logarithmic: true });
    expect(ticks.map((tick) => Number(tick.toPrecision(3)))).toEqual([1, 3, 10, 30, 100]);
    expect(tickText(0.003, errors)).toBe("3·10⁻³");
    expect(tickText(-1.5, seconds)).toBe("−1.5");
  });
});

test("values lie between the ends of the axes, and beyond them at the nearer end", () => {
  const frame = { width: 120, height: 70, left: 10, right: 10, top: 10, bottom: 10 };
  const plane = createPlane(frame, seconds, errors);
  expect([plane.x(0), plane.x(5), plane.x(10), plane.x(99)]).toEqual([10, 60, 110, 110]);
  expect([plane.y(1e-4), plane.y(10), plane.y(1e-9)]).toEqual([60, 10, 60]);
  expect(plane.y(10 ** -1.5)).toBeCloseTo(35, 1);
});

test("a curve has whiskers and a dot where there is an interval, and none elsewhere", () => {
  const drawn = linePlot("Errors", seconds, errors, [
    {
      ...{ name: "a", ink: "model" },
      points: [
        [1, 0.1],
        [2, 0.2],
      ],
      intervals: [null, [0.1, 0.3]],
    },
  ]);
  expect(drawn.match(/<circle/g)).toHaveLength(1);
  expect(drawn).toContain("var(--model)");
});

test("dots outside the axes are left out", () => {
  const drawn = scatterPlot("Dots", seconds, errors, [
    {
      ink: "model",
      points: [
        [1, 1],
        [11, 1],
        [2, 1e-5],
      ],
    },
  ]);
  expect(drawn.match(/h0/g)).toHaveLength(1);
});

test("what it is told is escaped, and a sheet holds every chart and nothing from elsewhere", () => {
  const plot = intervalPlot("a < b", seconds, [{ ink: "model", label: "R&D", value: 2, low: 1, high: 4 }]);
  const sheet = chartSheet("Two", 2, ":root { --model: red }", [
    { title: "One", plot },
    { title: "<Other>", plot },
  ]);
  expect(sheet.match(/<svg /g)).toHaveLength(3);
  expect(sheet).toContain("R&amp;D");
  expect(sheet).toContain("&lt;Other&gt;");
  expect(sheet).not.toContain("a < b");
  expect(sheet.replace("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:/);
  expect(sheet).not.toContain("NaN");
});

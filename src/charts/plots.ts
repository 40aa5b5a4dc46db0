import { escapeMarkup } from "../core/index.ts";
import type { Axis } from "./axis.ts";
import { area, dot, dots, line, whisker, type Point } from "./marks.ts";
import { axesOf, chart, createPlane, tenths, type Frame } from "./plane.ts";

/** One quantity over another. */
export interface Curve {
  readonly name: string;
  /** Name of its color, as all inks of this room. */
  readonly ink: string;
  readonly points: readonly Point[];
  /** Around each point, where it has an interval that is to be shown. */
  readonly intervals?: readonly (readonly [low: number, high: number] | null)[];
  /** Tells it from another curve of the same ink. */
  readonly dashed?: boolean;
  /** Drawn as the area below it. */
  readonly filled?: boolean;
}

/** Frame of a chart with numbers at both axes, and of a smaller one with none at its heights. */
const usual: Frame = { width: 460, height: 250, left: 46, right: 12, top: 26, bottom: 36 };
export const small: Frame = { width: 360, height: 200, left: 14, right: 14, top: 12, bottom: 38 };

/** Between the whiskers of one curve and the next, so that they do not hide each other, and of all of them at most [px]. */
const whiskerGap = 5;
const whiskerSpan = 18;

/** Curves over each other, with dots and whiskers where there are intervals; without an axis `y`, points are shares of its height. */
export function linePlot(title: string, x: Axis, y: Axis | null, curves: readonly Curve[]): string {
  const frame = y === null ? small : usual;
  const plane = createPlane(frame, x, y);
  const gap = Math.min(whiskerGap, whiskerSpan / curves.length);
  const drawn = curves.map(({ ink, points, intervals, dashed, filled }, n) => {
    const aside = intervals === undefined ? 0 : (n - (curves.length - 1) / 2) * gap;
    const at = (a: number, b: number): Point => [tenths(plane.x(a) + aside), plane.y(b)];
    const path = points.map(([a, b]) => at(a, b));
    const marks = (intervals ?? []).map((interval, i) => {
      if (interval === null) return "";
      const [a] = points[i]!;
      return whisker(at(a, interval[0]), at(a, interval[1]), ink) + dot(path[i]!, ink, 3.5);
    });
    const shape =
      filled === true
        ? area(path, frame.height - frame.bottom, ink)
        : line(path, ink, dashed === true ? 1.6 : 2, dashed === true ? "6 4" : undefined);
    return shape + marks.join("");
  });
  return chart(title, frame, axesOf(plane) + drawn.join(""));
}

/** Clouds of dots; those outside the axes are left out. */
export function scatterPlot(
  title: string,
  x: Axis,
  y: Axis,
  clouds: readonly { readonly ink: string; readonly points: readonly Point[] }[],
): string {
  const plane = createPlane(usual, x, y);
  const isInside = ([a, b]: Point): boolean => a >= x.low && a <= x.high && b >= y.low && b <= y.high;
  const drawn = clouds.map(({ ink, points }) =>
    dots(
      points.filter(isInside).map(([a, b]) => [plane.x(a), plane.y(b)] as const),
      ink,
      4.5,
    ),
  );
  return chart(title, usual, axesOf(plane) + drawn.join(""));
}

/** Values with their intervals, one under the other. */
export function intervalPlot(
  title: string,
  x: Axis,
  rows: readonly {
    readonly ink: string;
    readonly label: string;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[],
): string {
  const plane = createPlane(small, x, null);
  const marks = rows.map(({ ink, label, value, low, high }, i) => {
    const y = plane.y(1 - (i + 0.6) / rows.length);
    return (
      `<text x="${small.left}" y="${y - 9}">${escapeMarkup(label)}</text>` +
      whisker([plane.x(low), y], [plane.x(high), y], ink, 3) +
      dot([plane.x(value), y], ink, 4.5)
    );
  });
  return chart(title, small, axesOf(plane) + marks.join(""));
}

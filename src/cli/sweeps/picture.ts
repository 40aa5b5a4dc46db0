import {
  axesOf,
  type Axis,
  chartStyle,
  createPlane,
  dot,
  type Frame,
  line,
  type Point,
  tenths,
  whisker,
} from "../../charts/index.ts";
import { escapeMarkup } from "../../core/index.ts";
import { publishedCurves } from "./published.ts";
import type { SweepPoint } from "./points.ts";

const frame: Frame = { width: 760, height: 460, left: 58, right: 250, top: 52, bottom: 48 };
const inks = ["#0f7f86", "#c2452d", "#5b4bb7", "#b7791f", "#2f7d32", "#8a3b6f", "#3c6fb0", "#6b5b4a"];
/** Between the dots of one curve and the next at the same length [px], so that they do not hide each other. */
const aside = 3;
const dashes = ["2 3", "5 3", "8 3", "1 4"];
const style =
  `svg { --soft: #444b53; --line: #dddfe2; --published: #9aa3ad; ` +
  `${inks.map((color, i) => `--method-${i}: ${color};`).join(" ")} }${chartStyle} svg.chart { font-size: 12px; }`;

/**
 * Success against the rollout length in seconds, as a page of its own: one curve per method and model through the means
 * of its seeds, a dot per seed with its 95 % interval; behind them in gray the published curves, which are of another world.
 */
export function drawSweep(points: readonly SweepPoint[]): string {
  const longest = Math.max(4, ...points.map(({ seconds }) => seconds));
  const across: Axis = { label: "imagined seconds (steps × step)", low: 0, high: longest };
  const up: Axis = { label: "", low: 0, high: 1, text: (rate) => `${Math.round(100 * rate)} %` };
  const plane = createPlane(frame, across, up);
  const at = ([seconds, rate]: Point): Point => [plane.x(seconds), plane.y(rate)];
  const left = frame.width - frame.right + 18;
  const topOf = (row: number): number => frame.top + 6 + 20 * row;
  const label = (row: number, text: string, sample: (points: readonly Point[]) => string): string =>
    sample([
      [left, topOf(row)],
      [left + 22, topOf(row)],
    ]) + `<text x="${left + 30}" y="${topOf(row) + 4}">${escapeMarkup(text)}</text>`;
  const published =
    (i: number) =>
    (path: readonly Point[]): string =>
      line(path, "published", 1.5, dashes[i % dashes.length]);
  const inkOf = (i: number): string => `method-${i % inks.length}`;
  const curves = curvesOf(points);
  const notes = ["Published, another world: I-80,", "other rules; levels do not compare"];
  const parts = [
    `<text x="${frame.left}" y="20" font-size="15">Success against rollout length</text>`,
    `<text x="${frame.left}" y="38">${subtitleOf(points)}</text>`,
    axesOf(plane),
    ...publishedCurves.map(({ points: path }, i) => published(i)(path.map(at))),
    ...curves.flatMap(({ means, dots }, i) => {
      const shift = (i - (curves.length - 1) / 2) * aside;
      const beside = (seconds: number, rate: number): Point => [
        tenths(plane.x(seconds) + shift),
        plane.y(rate),
      ];
      return [
        line(means.map(at), inkOf(i), 2.2),
        ...dots.map(
          ({ seconds, success: { rate, low, high } }) =>
            whisker(beside(seconds, low), beside(seconds, high), inkOf(i), 1) +
            dot(beside(seconds, rate), inkOf(i), 3),
        ),
      ];
    }),
    ...curves.map(({ name }, i) => label(i, name, (path) => line(path, inkOf(i), 2.2))),
    ...notes.map((text, i) => `<text x="${left}" y="${topOf(curves.length + 1 + 0.75 * i)}">${text}</text>`),
    ...publishedCurves.map(({ name }, i) => label(curves.length + 2.8 + i, name, published(i))),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${frame.width} ${frame.height}">` +
    `<style>${style}</style><rect width="100%" height="100%" fill="#fff"/>\n${parts.join("\n")}\n</svg>\n`
  );
}

/** What a dot is. */
function subtitleOf(points: readonly SweepPoint[]): string {
  const counts = [...new Set(points.map(({ n }) => n))];
  const seeds = new Set(points.map(({ seed }) => seed)).size;
  return `validation starts, n ${counts.join(" or ")}; a dot per seed with 95 % interval${seeds > 1 ? ", lines through their means" : ""}`;
}

interface Curve {
  readonly name: string;
  readonly means: readonly (readonly [number, number])[];
  readonly dots: readonly SweepPoint[];
}

function curvesOf(points: readonly SweepPoint[]): Curve[] {
  const models = [...new Set(points.map(({ model }) => model))];
  const nameOf = ({ method, model }: SweepPoint): string =>
    models.length > 1 ? `${method}, ${distinctPart(model, models)}` : method;
  return [...new Set(points.map(nameOf))].map((name) => {
    const dots = points.filter((point) => nameOf(point) === name);
    const lengths = [...new Set(dots.map(({ seconds }) => seconds))].sort((a, b) => a - b);
    const means = lengths.map((seconds): readonly [number, number] => {
      const alike = dots.filter((dot) => dot.seconds === seconds);
      return [seconds, alike.reduce((sum, { success }) => sum + success.rate, 0) / alike.length];
    });
    return { name, means, dots };
  });
}

/** A path without the parts at its beginning and end that all paths share. */
function distinctPart(path: string, all: readonly string[]): string {
  const split = all.map((other) => other.split("/"));
  const shortest = Math.min(...split.map((parts) => parts.length));
  const sharedBy = (at: (parts: readonly string[], i: number) => string | undefined): number => {
    let i = 0;
    while (i < shortest - 1 && split.every((parts) => at(parts, i) === at(split[0]!, i))) i++;
    return i;
  };
  const before = sharedBy((parts, i) => parts[i]);
  const after = sharedBy((parts, i) => parts.at(-1 - i));
  const parts = path.split("/");
  return parts.slice(Math.min(before, parts.length - after - 1), parts.length - after).join("/");
}

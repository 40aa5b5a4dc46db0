import { escapeMarkup } from "../../core/index.ts";
import { publishedCurves } from "./published.ts";
import type { SweepPoint } from "./points.ts";

const width = 760;
const height = 460;
const frame = { left: 58, right: 250, top: 52, bottom: 48 };
const inks = ["#0f7f86", "#c2452d", "#5b4bb7", "#b7791f", "#2f7d32", "#8a3b6f", "#3c6fb0", "#6b5b4a"];
/** Between the dots of one curve and the next at the same length [px], so that they do not hide each other. */
const aside = 3;

/**
 * Success against the rollout length in seconds, as a page of its own: one curve per method and model through the means
 * of its seeds, a dot per seed with its 95 % interval; behind them in gray the published curves, which are of another world.
 */
export function drawSweep(points: readonly SweepPoint[]): string {
  const longest = Math.max(4, ...points.map(({ seconds }) => seconds));
  const x = (seconds: number): number =>
    frame.left + ((width - frame.left - frame.right) * seconds) / longest;
  const y = (rate: number): number => frame.top + (height - frame.top - frame.bottom) * (1 - rate);
  const line = (list: readonly (readonly [number, number])[]): string =>
    list.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" ");
  const label = (row: number, text: string, style: string): string => {
    const top = frame.top + 6 + 20 * row;
    const left = width - frame.right + 18;
    return (
      `<line x1="${left}" x2="${left + 22}" y1="${top}" y2="${top}" ${style}/>` +
      `<text x="${left + 30}" y="${top + 4}">${escapeMarkup(text)}</text>`
    );
  };
  const curves = curvesOf(points);
  const rates = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const dashes = ["2 3", "5 3", "8 3", "1 4"];
  const parts = [
    `<text x="${frame.left}" y="20" font-size="15">Success against rollout length</text>`,
    `<text x="${frame.left}" y="38" fill="#5c6670">${subtitleOf(points)}</text>`,
    ...rates.map(
      (rate) =>
        `<line class="grid" x1="${frame.left}" x2="${width - frame.right}" y1="${y(rate)}" y2="${y(rate)}"/>` +
        `<text x="${frame.left - 8}" y="${y(rate) + 4}" text-anchor="end">${100 * rate} %</text>`,
    ),
    ...Array.from(
      { length: Math.floor(longest) + 1 },
      (_, s) => `<text x="${x(s)}" y="${height - frame.bottom + 18}" text-anchor="middle">${s}</text>`,
    ),
    `<text x="${(frame.left + width - frame.right) / 2}" y="${height - 8}" text-anchor="middle">imagined seconds (steps × step)</text>`,
    ...publishedCurves.map(
      ({ points: list }, i) =>
        `<polyline class="published" stroke-dasharray="${dashes[i % dashes.length]}" points="${line(list)}"/>`,
    ),
    ...curves.flatMap(({ means, dots }, i) => {
      const ink = inks[i % inks.length]!;
      const shift = (i - (curves.length - 1) / 2) * aside;
      const at = (seconds: number): string => (x(seconds) + shift).toFixed(1);
      return [
        `<polyline fill="none" stroke="${ink}" stroke-width="2.2" points="${line(means)}"/>`,
        ...dots.map(
          ({ seconds, success }) =>
            `<line stroke="${ink}" opacity=".35" x1="${at(seconds)}" x2="${at(seconds)}" y1="${y(success.low)}" y2="${y(success.high)}"/>` +
            `<circle fill="${ink}" cx="${at(seconds)}" cy="${y(success.rate)}" r="3"/>`,
        ),
      ];
    }),
    ...curves.map(({ name }, i) => label(i, name, `stroke="${inks[i % inks.length]}" stroke-width="2.2"`)),
    `<text x="${width - frame.right + 18}" y="${frame.top + 30 + 20 * curves.length}">Published, another world: I-80,</text>`,
    `<text x="${width - frame.right + 18}" y="${frame.top + 45 + 20 * curves.length}">other rules; levels do not compare</text>`,
    ...publishedCurves.map(({ name }, i) =>
      label(
        curves.length + 2.6 + i,
        name,
        `class="published" stroke-dasharray="${dashes[i % dashes.length]}"`,
      ),
    ),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">` +
    "<style>.grid { stroke: #0002; } .published { stroke: #9aa3ad; stroke-width: 1.5; fill: none; }</style>" +
    `<rect width="${width}" height="${height}" fill="#fff"/>\n${parts.join("\n")}\n</svg>\n`
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

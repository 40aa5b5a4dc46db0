/** Small charts as SVG text: calm, and readable on light and dark ground by the style around them. */

/** How a series looks: an area for what is real, lines for what is generated. */
export type SeriesKind = "real" | "generated" | "before";

export interface Curve {
  readonly kind: SeriesKind;
  /** Shares in equal parts of the x range. */
  readonly shares: readonly number[];
}

export interface Axis {
  readonly label: string;
  readonly range: readonly [number, number];
}

const width = 360;
const height = 200;
const frame = { left: 14, right: 14, top: 12, bottom: 38 };
const plotWidth = width - frame.left - frame.right;
const plotHeight = height - frame.top - frame.bottom;

/** Colors of the charts on light and dark ground. */
export const plotColors = `
:root { color-scheme: light dark; --card: #fff; --ink: #23262b; --real: #cfd5dc; --real-ink: #7d8894;
  --generated: #0f7f86; --before: #c98a3a; }
@media (prefers-color-scheme: dark) { :root { --card: #1b1f24; --ink: #e6e8ea; --real: #3b444e; --real-ink: #8c98a5;
  --generated: #4fc3c7; --before: #d9a765; } }`;

/** Ink of the charts; `currentColor` is the color of text. */
export const plotStyle = `
.plot { font: 11px system-ui, sans-serif; }
.plot text { fill: currentColor; opacity: .72; }
.plot .axis { stroke: currentColor; opacity: .28; fill: none; }
.plot .grid { stroke: currentColor; opacity: .09; fill: none; }
.plot .real { fill: var(--real); }
.plot .generated { stroke: var(--generated); stroke-width: 2; fill: none; stroke-linejoin: round; }
.plot .before { stroke: var(--before); stroke-width: 1.3; stroke-dasharray: 4 3; fill: none; stroke-linejoin: round; }
.plot .dots { stroke-width: 3.4; stroke-linecap: round; opacity: .5; }
.plot .dots.real { stroke: var(--real-ink); opacity: .8; }
`;

const place = ([low, high]: readonly [number, number], value: number): number => (value - low) / (high - low);
const xOf = (axis: Axis, value: number): number => frame.left + plotWidth * place(axis.range, value);
const round = (value: number): string => value.toFixed(1);

/** Ticks at one, two or five times a power of ten, about five of them. */
export function ticksOf([low, high]: readonly [number, number]): number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.8) ?? 10);
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step); k * step <= high + 1e-9; k++) ticks.push(k * step);
  return ticks;
}

const tickText = (value: number): string => String(Number(value.toFixed(6))).replace("-", "−");

function bottom(axis: Axis): string {
  const base = frame.top + plotHeight;
  const ticks = ticksOf(axis.range).map((tick) => {
    const x = round(xOf(axis, tick));
    return (
      `<path class="grid" d="M${x} ${frame.top}V${base}"/>` +
      `<text x="${x}" y="${base + 14}" text-anchor="middle">${tickText(tick)}</text>`
    );
  });
  return (
    ticks.join("") +
    `<path class="axis" d="M${frame.left} ${base}H${width - frame.right}"/>` +
    `<text x="${width - frame.right}" y="${height - 6}" text-anchor="end">${axis.label}</text>`
  );
}

function svg(title: string, content: string): string {
  return `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}"><title>${title}</title>${content}</svg>`;
}

/** Histograms over each other, each drawn as one outline. */
export function histogramPlot(title: string, axis: Axis, curves: readonly Curve[]): string {
  const most = Math.max(...curves.flatMap(({ shares }) => shares), 1e-9);
  const base = frame.top + plotHeight;
  const paths = curves.map(({ kind, shares }) => {
    const bin = plotWidth / shares.length;
    const points = shares.map(
      (share, i) =>
        `${round(frame.left + (i + 0.5) * bin)} ${round(base - (plotHeight * share) / most / 1.06)}`,
    );
    const line = points.join("L");
    const path = kind === "real" ? `M${round(frame.left + 0.5 * bin)} ${base}L${line}V${base}Z` : `M${line}`;
    return `<path class="${kind}" d="${path}"/>`;
  });
  return svg(title, bottom(axis) + paths.join(""));
}

/** Charts with titles side by side, as one SVG file that needs nothing else. */
export function plotSheet(
  title: string,
  columns: number,
  plots: readonly { readonly title: string; readonly plot: string }[],
): string {
  const step = { x: width + 24, y: height + 48 };
  const sheet = { width: columns * step.x + 8, height: Math.ceil(plots.length / columns) * step.y + 48 };
  const placed = plots.map((one, i) => {
    const x = 16 + (i % columns) * step.x;
    const y = 48 + Math.floor(i / columns) * step.y;
    const size = `x="${x}" y="${y + 22}" width="${width}" height="${height}"`;
    return `<text class="name" x="${x + frame.left}" y="${y + 16}">${one.title}</text>${one.plot.replace("<svg ", `<svg ${size} `)}`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="sheet" viewBox="0 0 ${sheet.width} ${sheet.height}" width="${sheet.width}">` +
    `<style>${plotColors}${plotStyle}.sheet { color: var(--ink); font-family: system-ui, sans-serif; } ` +
    `.sheet > text { fill: currentColor; } .name { font-size: 14px; font-weight: 600; } .title { font-size: 15px; }</style>` +
    `<rect width="100%" height="100%" rx="12" fill="var(--card)"/>` +
    `<text class="title" x="${16 + frame.left}" y="34">${title}</text>${placed.join("")}</svg>\n`
  );
}

/** A cloud of points per series; `y` has its own axis at the left. */
export function scatterPlot(
  title: string,
  x: Axis,
  y: Axis,
  series: readonly { readonly kind: SeriesKind; readonly points: readonly (readonly [number, number])[] }[],
): string {
  const yOf = (value: number): number => frame.top + plotHeight * (1 - place(y.range, value));
  const inside = ([low, high]: readonly [number, number], value: number): boolean =>
    value >= low && value <= high;
  const lines = ticksOf(y.range)
    .slice(1)
    .map((tick) => {
      const at = round(yOf(tick));
      return (
        `<path class="grid" d="M${frame.left} ${at}H${width - frame.right}"/>` +
        `<text x="${frame.left}" y="${Number(at) - 3}">${tickText(tick)}</text>`
      );
    });
  // One path per series, a dot being a line without length: many dots in few bytes.
  const dots = series.map(({ kind, points }) => {
    const path = points
      .filter(([a, b]) => inside(x.range, a) && inside(y.range, b))
      .map(([a, b]) => `M${round(xOf(x, a))} ${round(yOf(b))}h0`);
    return `<path class="dots ${kind}" d="${path.join("")}"/>`;
  });
  return svg(title, bottom(x) + lines.join("") + dots.join(""));
}

/** Values with their intervals, one under the other. */
export function intervalPlot(
  title: string,
  axis: Axis,
  rows: readonly {
    readonly kind: SeriesKind;
    readonly label: string;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[],
): string {
  const clamp = (value: number): number => xOf(axis, Math.min(axis.range[1], Math.max(axis.range[0], value)));
  const marks = rows.map(({ kind, label, value, low, high }, i) => {
    const y = round(frame.top + (plotHeight * (i + 0.6)) / rows.length);
    const ink = kind === "real" ? "real-ink" : kind;
    return (
      `<text x="${frame.left}" y="${Number(y) - 9}">${label}</text>` +
      `<path d="M${round(clamp(low))} ${y}H${round(clamp(high))}" stroke="var(--${ink})" stroke-width="3" stroke-linecap="round" opacity=".5"/>` +
      `<circle cx="${round(clamp(value))}" cy="${y}" r="4.5" style="fill: var(--${ink}); opacity: 1"/>`
    );
  });
  return svg(title, bottom(axis) + marks.join(""));
}

/** Charts as SVG text; ink and ground come from the style of the page around them. */

/** One of the five inks of `plotStyle`. */
export type Ink = "model" | "truth" | "copied" | "coasting" | "second";

export interface Axis {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly logarithmic?: boolean;
}

export interface Curve {
  readonly name: string;
  readonly ink: Ink;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Around each point, where it has an interval that is to be shown. */
  readonly intervals?: readonly (readonly [low: number, high: number] | null)[];
  /** Tells it from another curve of the same ink. */
  readonly dashed?: boolean;
}

export const plotStyle = `
.plot { width: 100%; height: auto; display: block; font: 11px system-ui, sans-serif; }
.plot text { fill: var(--soft); }
.plot .rule { stroke: var(--line); fill: none; }
.plot .curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
.plot .curve.dashed { stroke-dasharray: 6 4; }
.plot .whisker { stroke-width: 1.5; opacity: .55; }
${(["model", "truth", "copied", "coasting", "second"] as const)
  .map(
    (ink) =>
      `.plot .curve.${ink}, .plot .whisker.${ink} { stroke: var(--${ink}); } .plot .dot.${ink} { fill: var(--${ink}); }`,
  )
  .join("\n")}`;

const width = 460;
const height = 250;
const frame = { left: 46, right: 12, top: 26, bottom: 36 };

const scaled = ({ low, high, logarithmic }: Axis, value: number): number => {
  const f = logarithmic === true ? Math.log10 : (x: number): number => x;
  return (f(Math.min(high, Math.max(low, value))) - f(low)) / (f(high) - f(low));
};
const xOf = (axis: Axis, value: number): string =>
  (frame.left + (width - frame.left - frame.right) * scaled(axis, value)).toFixed(1);
const yOf = (axis: Axis, value: number): string =>
  (height - frame.bottom - (height - frame.top - frame.bottom) * scaled(axis, value)).toFixed(1);

function ticks({ low, high, logarithmic }: Axis): number[] {
  if (logarithmic === true) {
    const first = Math.floor(Math.log10(low));
    const last = Math.ceil(Math.log10(high));
    const decades = Array.from({ length: last - first + 1 }, (_, k) => 10 ** (first + k));
    return decades
      .flatMap((power) => [1, 3].map((factor) => factor * power))
      .filter((tick) => tick >= low && tick <= high);
  }
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.8)!;
  const all: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9; k++) all.push(k * step);
  return all;
}

function tickText(value: number, axis: Axis): string {
  if (axis.logarithmic !== true || (value >= 0.01 && value < 1000)) {
    return String(Number(value.toPrecision(6))).replace("-", "−");
  }
  const exponent = Math.floor(Math.log10(value) + 1e-9);
  const factor = Math.round(value / 10 ** exponent);
  return `${factor === 1 ? "" : `${factor}·`}10${superscript(exponent)}`;
}
const superscript = (exponent: number): string =>
  String(exponent).replace(/./g, (sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)]!));

function axes(x: Axis, y: Axis): string {
  const base = height - frame.bottom;
  return [
    ...ticks(x).map(
      (tick) =>
        `<path class="rule" d="M${xOf(x, tick)} ${base}v4"/>` +
        `<text x="${xOf(x, tick)}" y="${base + 16}" text-anchor="middle">${tickText(tick, x)}</text>`,
    ),
    ...ticks(y).map(
      (tick) =>
        `<path class="rule" d="M${frame.left} ${yOf(y, tick)}H${width - frame.right}"/>` +
        `<text x="${frame.left - 6}" y="${Number(yOf(y, tick)) + 4}" text-anchor="end">${tickText(tick, y)}</text>`,
    ),
    `<text x="${width - frame.right}" y="${height - 4}" text-anchor="end">${x.label}</text>`,
    `<text x="0" y="9">${y.label}</text>`,
  ].join("");
}

const svg = (title: string, content: string): string =>
  `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">${content}</svg>`;

/** Between the whiskers of one curve and the next, so that they do not hide each other, and of all of them at most [px]. */
const whiskerGap = 5;
const whiskerSpan = 18;

/** Curves over each other, with dots and whiskers where there are intervals. */
export function linePlot(title: string, x: Axis, y: Axis, curves: readonly Curve[]): string {
  const gap = Math.min(whiskerGap, whiskerSpan / curves.length);
  const drawn = curves.map(({ ink, points, intervals, dashed }, n) => {
    const aside = intervals === undefined ? 0 : (n - (curves.length - 1) / 2) * gap;
    const at = (a: number): string => (Number(xOf(x, a)) + aside).toFixed(1);
    const path = points.map(([a, b]) => `${at(a)} ${yOf(y, b)}`).join("L");
    const marks = (intervals ?? []).map((interval, i) => {
      if (interval === null) return "";
      const [low, high] = interval;
      const [a, b] = points[i]!;
      return (
        `<path class="whisker ${ink}" d="M${at(a)} ${yOf(y, low)}V${yOf(y, high)}"/>` +
        `<circle class="dot ${ink}" cx="${at(a)}" cy="${yOf(y, b)}" r="3.5"/>`
      );
    });
    return `<path class="curve ${ink}${dashed === true ? " dashed" : ""}" d="M${path}"/>${marks.join("")}`;
  });
  return svg(title, axes(x, y) + drawn.join(""));
}

/** A cloud of dots. */
export function scatterPlot(
  title: string,
  x: Axis,
  y: Axis,
  dots: readonly { readonly at: readonly [number, number]; readonly ink: Ink }[],
): string {
  const drawn = dots.map(
    ({ at: [a, b], ink }) =>
      `<circle class="dot ${ink}" cx="${xOf(x, a)}" cy="${yOf(y, b)}" r="2.5" opacity=".6"/>`,
  );
  return svg(title, axes(x, y) + drawn.join(""));
}

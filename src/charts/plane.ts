import { escapeMarkup } from "../core/index.ts";
import { shareOf, tickText, ticksOf, type Axis } from "./axis.ts";

/** Size of a chart, and what its plane leaves free at each side [px]. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where values lie in a chart. */
export interface Plane {
  readonly frame: Frame;
  readonly across: Axis;
  /** Null: heights have no numbers. */
  readonly up: Axis | null;
  /** [px] from the left. */
  x(value: number): number;
  /** [px] from the top; without an axis `value` is a share of the height. */
  y(value: number): number;
}

export function createPlane(frame: Frame, across: Axis, up: Axis | null): Plane {
  const { width, height, left, right, top, bottom } = frame;
  return {
    frame,
    across,
    up,
    x: (value) => tenths(left + (width - left - right) * shareOf(across, value)),
    y: (value) =>
      tenths(height - bottom - (height - top - bottom) * (up === null ? value : shareOf(up, value))),
  };
}

/** Coordinates to a tenth of a pixel: finer ones only make files longer. */
export const tenths = (value: number): number => Math.round(10 * value) / 10;

/** Ticks and labels, with a line through the plane at each tick of its upright axis, or of the other where it has none. */
export function axesOf({ frame, across, up, x, y }: Plane): string {
  const { width, height, left, right, top, bottom } = frame;
  const base = height - bottom;
  const below = ticksOf(across).map(
    (tick) =>
      `<path class="rule" d="M${x(tick)} ${base}${up === null ? `V${top}` : "v4"}"/>` +
      `<text x="${x(tick)}" y="${base + 16}" text-anchor="middle">${tickText(tick, across)}</text>`,
  );
  const beside = (up === null ? [] : ticksOf(up)).map(
    (tick) =>
      `<path class="rule" d="M${left} ${y(tick)}H${width - right}"/>` +
      `<text x="${left - 6}" y="${y(tick) + 4}" text-anchor="end">${tickText(tick, up!)}</text>`,
  );
  return [
    ...below,
    ...beside,
    up === null ? `<path class="rule" d="M${left} ${base}H${width - right}"/>` : "",
    `<text x="${width - right}" y="${height - 4}" text-anchor="end">${escapeMarkup(across.label)}</text>`,
    up === null ? "" : `<text x="0" y="${top - 17}">${escapeMarkup(up.label)}</text>`,
  ].join("");
}

/** A chart as an SVG element; `chartStyle` belongs to the page around it. */
export function chart(title: string, { width, height }: Frame, content: string): string {
  const name = escapeMarkup(title);
  return `<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${name}"><title>${name}</title>${content}</svg>`;
}

/** Ink of all charts: the page says what `--soft` (text) and `--line` (rules) are, and every ink that its curves name. */
export const chartStyle = `
.chart { width: 100%; height: auto; display: block; font: 11px system-ui, sans-serif; }
.chart text { fill: var(--soft); }
.chart .rule { stroke: var(--line); fill: none; }`;

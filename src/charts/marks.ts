/** What charts are drawn with, in pixels. An ink is the name of a color that the style around the chart defines. */
export type Point = readonly [x: number, y: number];

const color = (ink: string): string => `var(--${ink})`;
const pathOf = (points: readonly Point[]): string => points.map(([x, y]) => `${x} ${y}`).join("L");

export function line(points: readonly Point[], ink: string, width = 2, dashes?: string): string {
  const dashed = dashes === undefined ? "" : ` stroke-dasharray="${dashes}"`;
  return `<path fill="none" stroke="${color(ink)}" stroke-width="${width}" stroke-linejoin="round"${dashed} d="M${pathOf(points)}"/>`;
}

/** Everything between a line and the height `base`. */
export function area(points: readonly Point[], base: number, ink: string): string {
  return `<path fill="${color(ink)}" d="M${points[0]![0]} ${base}L${pathOf(points)}V${base}Z"/>`;
}

export function dot([x, y]: Point, ink: string, radius: number): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" style="fill: ${color(ink)}"/>`;
}

/** Many dots in few bytes: lines without length. */
export function dots(points: readonly Point[], ink: string, size: number): string {
  const path = points.map(([x, y]) => `M${x} ${y}h0`).join("");
  return `<path stroke="${color(ink)}" stroke-width="${size}" stroke-linecap="round" opacity=".6" d="${path}"/>`;
}

/** The reach of an uncertain value, upright or level. */
export function whisker([x, y]: Point, to: Point, ink: string, width = 1.5): string {
  return `<path stroke="${color(ink)}" stroke-width="${width}" stroke-linecap="round" opacity=".5" d="M${x} ${y}L${to[0]} ${to[1]}"/>`;
}

import { escapeMarkup } from "../core/index.ts";
import { chartStyle } from "./plane.ts";
import { small } from "./plots.ts";

/** Charts with titles side by side, as one SVG file that needs nothing else. `colors` says what its inks are, as a style. */
export function chartSheet(
  title: string,
  columns: number,
  colors: string,
  charts: readonly { readonly title: string; readonly plot: string }[],
): string {
  const { width, height, left } = small;
  const step = { x: width + 24, y: height + 48 };
  const sheet = { width: columns * step.x + 8, height: Math.ceil(charts.length / columns) * step.y + 48 };
  const placed = charts.map((one, i) => {
    const x = 16 + (i % columns) * step.x;
    const y = 48 + Math.floor(i / columns) * step.y;
    const size = `x="${x}" y="${y + 22}" width="${width}" height="${height}" style="width: ${width}px; height: ${height}px"`;
    return `<text class="name" x="${x + left}" y="${y + 16}">${escapeMarkup(one.title)}</text>${one.plot.replace("<svg ", `<svg ${size} `)}`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${sheet.width} ${sheet.height}" width="${sheet.width}">` +
    `<style>${colors}${chartStyle} text { fill: var(--ink); font-family: system-ui, sans-serif; } ` +
    `.name { font-size: 14px; font-weight: 600; } .title { font-size: 15px; }</style>` +
    `<rect width="100%" height="100%" rx="12" fill="var(--card)"/>` +
    `<text class="title" x="${16 + left}" y="34">${escapeMarkup(title)}</text>${placed.join("")}</svg>\n`
  );
}

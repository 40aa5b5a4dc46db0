import { chartStyle, type Curve } from "../charts/index.ts";

/** The inks of this room's pages. */
export type Ink = "model" | "truth" | "copied" | "coasting" | "second";

/** Of every page of this room. */
export const pageStyle = `
:root { color-scheme: light dark; --ground: #fbfaf8; --card: #fff; --ink: #23262b; --soft: #666c75; --line: #e7e4de;
  --model: #1f6fd1; --truth: #2e9467; --copied: #9aa1a9; --coasting: #c1771c; --second: #8a56c2; --alarm: #b3392c; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --card: #1b1f24; --ink: #e6e8ea; --soft: #9aa1a9;
  --line: #2b3037; --model: #5aa9ff; --truth: #5fcf9b; --copied: #7d8792; --coasting: #e0a04a; --second: #b78ce6; --alarm: #ff8577; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 40px 20px 80px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 8px; letter-spacing: -.01em; }
h2 { font-size: 21px; margin: 48px 0 4px; }
p { max-width: 74ch; margin: 8px 0; }
.soft { color: var(--soft); font-size: 14px; }
.verdict { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--truth); border-radius: 8px;
  padding: 12px 18px; margin: 24px 0; }
.verdict.warned { border-left-color: var(--alarm); }
.verdict ul { margin: 6px 0; padding-left: 20px; } .verdict li { margin: 6px 0; max-width: 82ch; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 16px; margin: 16px 0; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px; }
figcaption { font-size: 14px; margin-bottom: 8px; }
.legend { color: var(--soft); font-size: 13px; } .legend span { margin-right: 14px; white-space: nowrap; }
.legend i { display: inline-block; width: 16px; vertical-align: middle; margin-right: 5px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; margin: 8px 0; }
th, td { text-align: right; vertical-align: top; padding: 4px 8px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal; min-width: 8em; }
th { font-weight: 600; color: var(--soft); white-space: normal; }
td.bad { color: var(--alarm); font-weight: 600; }
td small { color: var(--soft); font-size: 12px; font-weight: 400; }
.strip { position: relative; display: grid; column-gap: 10px; width: max-content; font-size: 12px; color: var(--soft); }
.strip img { display: block; image-rendering: pixelated; border-radius: 2px; }
.strip .times { position: relative; }
.strip .times span { position: absolute; right: 0; white-space: nowrap; transform: translateY(-50%); }
.strip .take-over { position: absolute; left: 0; right: 0; border-top: 2px dashed var(--model); }
code { font-size: .92em; }
${chartStyle}`;

const legend = (curves: readonly Pick<Curve, "name" | "ink" | "dashed">[]): string =>
  `<div class="legend">${curves
    .map(
      ({ name, ink, dashed }) =>
        `<span><i style="border-top:3px ${dashed === true ? "dashed" : "solid"} var(--${ink})"></i>${name}</span>`,
    )
    .join("")}</div>`;

/** A plot with its caption and legend. */
export const figure = (caption: string, plot: string, curves: readonly Curve[]): string =>
  `<figure><figcaption>${caption}</figcaption>${plot}${legend(curves)}</figure>`;

/** A table; a cell that starts with "!" is marked as bad. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string =>
    text.startsWith("!") ? `<td class="bad">${text.slice(1)}</td>` : `<td>${text}</td>`;
  return `<div class="scroll"><table><tr>${head.map((text) => `<th>${text}</th>`).join("")}</tr>${rows
    .map((row) => `<tr>${row.map(cell).join("")}</tr>`)
    .join("")}</table></div>`;
}

/** A cell, marked as bad or not. */
export const marked = (bad: boolean, text: string): string => (bad ? `!${text}` : text);

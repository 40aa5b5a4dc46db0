import { chartStyle } from "../charts/index.ts";
import { escapeMarkup } from "../core/index.ts";
import { pixelSpecs, type PixelSpec } from "../sim/index.ts";
import type { Examination } from "./check-up.ts";
import { pngUri } from "./png.ts";
import {
  calibrationSection,
  gradientSection,
  openLoopSection,
  sampleSection,
  sensitivitySection,
} from "./sections.ts";
import { columnPicture, gapRows } from "./strip-picture.ts";
import type { Strip } from "./strips.ts";

/** What the numbers are about. */
export interface PageSubject {
  readonly checkpoint: string;
  readonly family: string;
  readonly latent: string;
  readonly pixels: keyof typeof pixelSpecs;
  readonly data: string;
  readonly command: string;
}

/** Of every page of this room. */
export const pageStyle = `
:root { color-scheme: light dark; --ground: #fbfaf8; --card: #fff; --ink: #23262b; --soft: #666c75; --line: #e7e4de;
  --model: #1f6fd1; --truth: #2e9467; --copied: #9aa1a9; --coasting: #c1771c; --second: #8a56c2; --alarm: #b3392c; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --card: #1b1f24; --ink: #e6e8ea; --soft: #9aa1a9;
  --line: #2b3037; --model: #5aa9ff; --truth: #5fcf9b; --copied: #7d8792; --coasting: #e0a04a; --second: #b78ce6; --alarm: #ff8577; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 40px 20px 80px; }
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
th, td { text-align: right; padding: 4px 12px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
th { font-weight: 600; color: var(--soft); }
td.bad { color: var(--alarm); font-weight: 600; }
td small { color: var(--soft); font-size: 12px; font-weight: 400; }
.strip { position: relative; display: grid; column-gap: 10px; width: max-content; font-size: 12px; color: var(--soft); }
.strip img { display: block; image-rendering: pixelated; border-radius: 2px; }
.strip .times { position: relative; }
.strip .times span { position: absolute; right: 0; white-space: nowrap; transform: translateY(-50%); }
.strip .take-over { position: absolute; left: 0; right: 0; border-top: 2px dashed var(--model); }
code { font-size: .92em; }
${chartStyle}`;

/** The check-up as one page that needs nothing else. */
export function checkUpPage({ checkUp, strips, doubts }: Examination, subject: PageSubject): string {
  const { warnings, windows } = checkUp;
  const spec = pixelSpecs[subject.pixels];
  const verdict =
    warnings.length === 0
      ? `<div class="verdict"><b>No warnings.</b> Nothing here speaks against training a policy in this model.</div>`
      : `<div class="verdict warned"><b>${warnings.length === 1 ? "One warning" : `${warnings.length} warnings`}</b><ul>${warnings
          .map((warning) => `<li>${escapeMarkup(warning)}</li>`)
          .join("")}</ul></div>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Headway: check-up of ${escapeMarkup(subject.checkpoint)}</title><style>${pageStyle}</style></head>
<body><main>
<h1>Check-up of a world model</h1>
<p><code>${escapeMarkup(subject.checkpoint)}</code>: family ${escapeMarkup(subject.family)}, latent ${escapeMarkup(subject.latent)}, on ${windows} ordinary
and ${windows} perturbed windows of ${escapeMarkup(subject.data)}. Ordinary windows follow the record; in perturbed ones the ego
was led off it, and everything is rendered anew from where it then is. Recorded traffic is blind to the ego, so the truth is known for
whatever it does.</p>
${verdict}
${openLoopSection(checkUp)}
<h2>What it imagines</h2>
<p>The road ahead is to the right, time runs down. The ego is blue, others are yellow. Below the dashed line the model goes on by
itself; samples have their latents and dropout masks drawn.</p>
<div class="scroll">${strips.map((strip) => stripFigure(spec, strip)).join("")}</div>
${sampleSection(checkUp)}
${sensitivitySection(checkUp)}
${gradientSection(checkUp)}
${calibrationSection(checkUp, doubts)}
<p class="soft">Made by <code>${escapeMarkup(subject.command)}</code>. Windows overlap in time and share traffic, so intervals are somewhat
too narrow.</p>
</main></body></html>
`;
}

/** Screen pixels per meter of road. */
const zoom = 2.9;

function stripFigure(spec: PixelSpec, strip: Strip): string {
  const row = spec.metersPerColumn * zoom;
  const pitch = (spec.width + gapRows) * row;
  const width = Math.round(spec.height * spec.metersPerRow * zoom);
  const height = strip.seconds.length * pitch - gapRows * row;
  const takeOver = strip.seconds.filter((seconds) => seconds <= 0.001).length * pitch - (gapRows / 2) * row;
  const times = strip.seconds
    .map((seconds, k) => {
      const text =
        Math.abs(seconds) < 0.001 ? "now" : `${seconds > 0 ? "+" : "−"}${Math.abs(seconds).toFixed(1)} s`;
      return `<span style="top:${(k * pitch + (spec.width * row) / 2).toFixed(1)}px">${text}</span>`;
    })
    .join("");
  const columns = strip.columns.map(
    ({ title }, c) =>
      `<div><div>${title}</div><img width="${width}" height="${Math.round(height)}" alt="${title}" src="${pngUri(columnPicture(spec, strip, c))}"></div>`,
  );
  const heading = 18;
  return (
    `<figure style="width:max-content;margin:12px 0"><figcaption>${escapeMarkup(strip.title)}</figcaption>` +
    `<div class="strip" style="grid-template-columns:48px repeat(${columns.length},${width}px);line-height:${heading}px">` +
    `<div class="times" style="margin-top:${heading}px">${times}</div>${columns.join("")}` +
    `<div class="take-over" style="top:${(heading + takeOver).toFixed(1)}px"></div></div></figure>`
  );
}

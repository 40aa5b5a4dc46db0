import { escapeMarkup, standalonePage } from "../core/index.ts";
import { pixelSpecs, type PixelSpec } from "../sim/index.ts";
import type { Examination } from "./check-up.ts";
import { pageStyle } from "./page-parts.ts";
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
  return standalonePage(
    `check-up of ${escapeMarkup(subject.checkpoint)}`,
    pageStyle,
    `<h1>Check-up of a world model</h1>
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
too narrow.</p>`,
  );
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

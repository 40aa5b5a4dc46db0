import { createBoxFiller } from "./boxes.ts";
import { canvasOf } from "./canvas.ts";
import type { GroundSection } from "./ground.ts";
import { channelCount, channels, type PixelSpec } from "./spec.ts";

/** Lateral steps per pixel column at which cuts are kept: coverage is off by at most 1/512. */
export const stepsPerColumn = 256;
/** A lane line is 0.2 m wide but drawn at three times its coverage, to be seen on pixels of 0.6 to 0.9 m. */
export const lineWidth = 0.2;
export const lineGain = 3;

/** Rows of a pixel state without traffic, for views at equal lateral steps across one cross-section of the road. */
export interface Cuts {
  /** The lateral position [steps] of the first cut; cut i lies i steps to its left. */
  readonly first: number;
  readonly count: number;
  /** All cuts one after another. */
  readonly bytes: Uint8Array;
}

/** Draws the cuts of `section`; beyond the first and the last one the picture does not change any more. */
export function createCuts({ width, metersPerColumn }: PixelSpec, { lines, offroad }: GroundSection): Cuts {
  const row = { height: 1, width, metersPerRow: 1, metersPerColumn };
  const canvas = canvasOf(row, channelCount);
  const boxes = createBoxFiller(canvas);
  const rowBytes = width * channelCount;
  const perMeter = stepsPerColumn / metersPerColumn;
  const half = (width * metersPerColumn) / 2 + lineWidth;
  const first = Math.floor(((lines.at(-1) ?? 0) - half) * perMeter);
  const count = Math.ceil(((lines[0] ?? 0) + half) * perMeter) - first + 1;
  const bytes = new Uint8Array(count * rowBytes);
  for (let i = 0; i < count; i++) {
    const y = (first + i) / perMeter;
    canvas.clear();
    const strip = (left: number, right: number, gain: number, channel: number): void => {
      const from = Math.max(right - y, -2 * half);
      const to = Math.min(left - y, 2 * half);
      if (from < to) boxes.fill(0, (from + to) / 2, 0, 2, to - from, gain, channel);
    };
    for (const { left, right } of offroad) strip(left, right, 1, channels.offroad);
    for (const line of lines) strip(line + lineWidth / 2, line - lineWidth / 2, lineGain, channels.lane);
    bytes.set(canvas.pixels(), i * rowBytes);
  }
  return { first, count, bytes };
}

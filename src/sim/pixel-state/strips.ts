import type { Pose } from "../../core/index.ts";
import { createCoverageFiller } from "./coverage.ts";
import { channelCount, type PixelSpec } from "./spec.ts";

/** Fills rectangles that lie along the road (lines, offroad areas) as seen from one view after another. */
export interface StripFiller {
  /** Sets the view; `cos` and `sin` are those of its heading. */
  begin(view: Pose, cos: number, sin: number): void;
  /** Adds the strip `start` ≤ x ≤ `end`, `right` ≤ y ≤ `left` [m] at `gain` times its coverage, clamped. */
  fill(
    start: number,
    end: number,
    right: number,
    left: number,
    gain: number,
    channel: number,
    out: Uint8Array,
    offset: number,
  ): void;
}

/** Up to this slope of the road against the view a strip is cut row by row, which is fast; beyond, exactly. */
const steepestSlope = 0.35;

export function createStripFiller(spec: PixelSpec): StripFiller {
  const { height, width, metersPerRow, metersPerColumn } = spec;
  const exact = createCoverageFiller(spec);
  const corners = new Float64Array(8);
  const reach = Math.hypot(height * metersPerRow, width * metersPerColumn);
  let viewX = 0;
  let viewY = 0;
  let cos = 1;
  let sin = 0;

  function fillExactly(
    start: number,
    end: number,
    right: number,
    left: number,
    gain: number,
    channel: number,
    out: Uint8Array,
    offset: number,
  ): void {
    // Far corners are pulled in to keep the edges well conditioned; they stay outside the window.
    const [x0, x1] = [Math.max(start - viewX, -reach), Math.min(end - viewX, reach)];
    const [y0, y1] = [Math.max(right - viewY, -reach), Math.min(left - viewY, reach)];
    if (x0 >= x1 || y0 >= y1) return;
    for (let i = 0; i < 4; i++) {
      const dx = i === 0 || i === 3 ? x0 : x1;
      const dy = i < 2 ? y0 : y1;
      corners[2 * i] = width / 2 - (dy * cos - dx * sin) / metersPerColumn;
      corners[2 * i + 1] = height / 2 - (dx * cos + dy * sin) / metersPerRow;
    }
    exact.fillQuad(corners, gain, channel, out, offset);
  }

  return {
    begin(view, viewCos, viewSin) {
      viewX = view.x;
      viewY = view.y;
      cos = viewCos;
      sin = viewSin;
    },
    fill(start, end, right, left, gain, channel, out, offset) {
      if (cos <= 0 || Math.abs(sin) > steepestSlope * cos) {
        fillExactly(start, end, right, left, gain, channel, out, offset);
        return;
      }
      const nearest = Math.min(Math.max(0, right - viewY), left - viewY);
      const top = height / 2 - ((end - viewX) * cos + nearest * sin) / metersPerRow;
      const bottom = height / 2 - ((start - viewX) * cos + nearest * sin) / metersPerRow;
      const firstRow = top > 0 ? Math.floor(top) : 0;
      const endRow = bottom < height ? Math.ceil(bottom) : height;
      if (firstRow >= endRow) return;

      // On a row `ahead` of the ego, y lies at column width / 2 − ((y − viewY) − ahead · sin) / cos, in columns.
      const perMeter = 1 / (cos * metersPerColumn);
      const shift = -metersPerRow * sin * perMeter;
      const centerAhead = (height / 2 - firstRow - 0.5) * metersPerRow;
      let from = width / 2 - (left - viewY - centerAhead * sin) * perMeter;
      const breadth = (left - right) * perMeter;
      const rowBytes = width * channelCount;
      for (let row = firstRow; row < endRow; row++, from += shift) {
        const a = from > 0 ? from : 0;
        const b = from + breadth < width ? from + breadth : width;
        if (a >= b) continue;
        let weight = 255 * gain;
        if (row < top) weight *= row + 1 - top;
        if (row + 1 > bottom) weight *= bottom - row;
        const first = a | 0;
        const last = b | 0;
        let p = offset + row * rowBytes + first * channelCount + channel;
        let value: number;
        if (first === last) {
          value = out[p]! + ((weight * (b - a) + 0.5) | 0);
          out[p] = value > 255 ? 255 : value;
          continue;
        }
        value = out[p]! + ((weight * (first + 1 - a) + 0.5) | 0);
        out[p] = value > 255 ? 255 : value;
        p += channelCount;
        for (let c = first + 1; c < last; c++, p += channelCount) {
          value = out[p]! + ((weight + 0.5) | 0);
          out[p] = value > 255 ? 255 : value;
        }
        if (last < width) {
          value = out[p]! + ((weight * (b - last) + 0.5) | 0);
          out[p] = value > 255 ? 255 : value;
        }
      }
    },
  };
}

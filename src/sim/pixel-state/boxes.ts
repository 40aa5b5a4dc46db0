import { createCoverageFiller } from "./coverage.ts";
import { channelCount, type PixelSpec } from "./spec.ts";

/** Fills oriented boxes into one channel of a pixel state. */
export interface BoxFiller {
  /**
   * Adds a box at `gain` times its coverage, clamping at full.
   * @param ahead center in the ego frame [m], as is `left`.
   * @param turned heading of the box against the ego's [rad].
   */
  fill(
    ahead: number,
    left: number,
    turned: number,
    length: number,
    breadth: number,
    gain: number,
    channel: number,
    out: Uint8Array,
    offset: number,
  ): void;
}

/**
 * Up to this turn [rad] an edge moves by less than 0.13 pixels per row, so that its mean position in a row is as
 * good as its slope (coverage off by at most 0.02); beyond it the exact but slower filler takes over.
 */
const nearlyAligned = 0.1;

export function createBoxFiller(spec: PixelSpec, channelsPerPixel: number = channelCount): BoxFiller {
  const { height, width, metersPerRow, metersPerColumn } = spec;
  const exact = createCoverageFiller(spec, channelsPerPixel);
  const corners = new Float64Array(8);
  const rowBytes = width * channelsPerPixel;
  const rowsPerMeter = 1 / metersPerRow;
  const columnsPerMeter = 1 / metersPerColumn;

  function setCorners(column: number, row: number, turned: number, length: number, breadth: number): void {
    const cos = Math.cos(turned);
    const sin = Math.sin(turned);
    for (let i = 0; i < 4; i++) {
      const forward = i === 0 || i === 3 ? length / 2 : -length / 2;
      const aside = i < 2 ? breadth / 2 : -breadth / 2;
      corners[2 * i] = column - (forward * sin + aside * cos) * columnsPerMeter;
      corners[2 * i + 1] = row - (forward * cos - aside * sin) * rowsPerMeter;
    }
  }

  return {
    fill(ahead, left, turned, length, breadth, gain, channel, out, offset) {
      const column = width / 2 - left * columnsPerMeter;
      const row = height / 2 - ahead * rowsPerMeter;
      if (!(turned < nearlyAligned && turned > -nearlyAligned)) {
        setCorners(column, row, turned, length, breadth);
        exact.fillQuad(corners, gain, channel, out, offset);
        return;
      }
      // tan and 1 / cos to fifth order: exact to rounding for angles this small.
      const square = turned * turned;
      const tan = turned * (1 + square * (1 / 3 + square * (2 / 15)));
      const stretch = 1 + square * (1 / 2 + square * (5 / 24));
      const columnShear = tan * metersPerRow * columnsPerMeter;
      const rowShear = -tan * metersPerColumn * rowsPerMeter;
      const halfColumns = (breadth / 2) * stretch * columnsPerMeter;
      const halfRows = (length / 2) * stretch * rowsPerMeter;
      const spread = halfColumns * (rowShear > 0 ? rowShear : -rowShear);
      const middle = halfRows * (1 + columnShear * rowShear);
      const top = row - middle - spread;
      const bottom = row + middle + spread;
      if (top >= height || bottom <= 0) return;
      const firstRow = top > 0 ? top | 0 : 0;
      const endRow = bottom < height ? Math.ceil(bottom) : height;
      const firstFull = top + 2 * spread;
      const endFull = bottom - 2 * spread - 1;
      const full = 255 * gain;

      let from = column - halfColumns + (firstRow + 0.5 - row) * columnShear;
      let rowStart = offset + firstRow * rowBytes + channel;
      for (let r = firstRow; r < endRow; r++, from += columnShear, rowStart += rowBytes) {
        const a = from > 0 ? from : 0;
        const to = from + 2 * halfColumns;
        const b = to < width ? to : width;
        if (a >= b) continue;
        const first = a | 0;
        const last = b | 0;
        let p = rowStart + first * channelsPerPixel;
        if (r >= firstFull && r <= endFull) {
          const head = first === last ? b - a : first + 1 - a;
          let value = out[p] + ((full * head + 0.5) | 0);
          out[p] = value > 255 ? 255 : value;
          for (let c = first + 1; c < last; c++) {
            p += channelsPerPixel;
            value = out[p] + full;
            out[p] = value > 255 ? 255 : value;
          }
          if (last > first && last < width) {
            p += channelsPerPixel;
            value = out[p] + ((full * (b - last) + 0.5) | 0);
            out[p] = value > 255 ? 255 : value;
          }
          continue;
        }
        // A front or rear edge passes: each column has its own share of the row.
        const endColumn = last < width ? last + 1 : width;
        for (let c = first; c < endColumn; c++, p += channelsPerPixel) {
          const across = (c + 1 < b ? c + 1 : b) - (c > a ? c : a);
          const shift = row + (c + 0.5 - column) * rowShear;
          const above = shift - halfRows > r ? shift - halfRows : r;
          const below = shift + halfRows < r + 1 ? shift + halfRows : r + 1;
          if (across <= 0 || below <= above) continue;
          const value = out[p] + ((full * across * (below - above) + 0.5) | 0);
          out[p] = value > 255 ? 255 : value;
        }
      }
    },
  };
}

import type { PixelSpec } from "./spec.ts";

/**
 * Fills convex shapes into one channel of a pixel state by the exact area each pixel is covered by.
 *
 * Every edge leaves in each pixel row the signed area to its right; summing a row from left to right turns those
 * into coverage (the accumulation method of font rasterizers). Only the rows and columns of the shape are touched.
 */
export interface CoverageFiller {
  /**
   * Adds a convex quadrilateral at `gain` times its coverage to the picture `out`, clamping at full. Corners in pixel
   * coordinates (column to the right, row downwards, both continuous from the upper left of the grid), in either
   * winding.
   * @param corners eight numbers: column, row of each corner in order around the shape.
   */
  fillQuad(corners: Float64Array, gain: number, channel: number, out: Uint8Array): void;
}

export function createCoverageFiller({ height, width }: PixelSpec, channelsPerPixel: number): CoverageFiller {
  // Two spare cells: an edge at the right border writes one beyond it.
  const stride = width + 2;
  const area = new Float64Array(height * stride);
  let firstColumn = 0;
  let lastColumn = 0;

  /** Spreads the part of an edge that lies within one row over the columns it crosses. */
  function addSpan(row: number, from: number, to: number, extent: number): void {
    const a = Math.min(Math.max(Math.min(from, to), 0), width);
    const b = Math.min(Math.max(Math.max(from, to), 0), width);
    const start = Math.floor(a);
    const base = row * stride;
    if (start < firstColumn) firstColumn = start;
    if (b <= start + 1) {
      const right = extent * ((a + b) / 2 - start);
      area[base + start] += extent - right;
      area[base + start + 1] += right;
      if (start + 1 > lastColumn) lastColumn = start + 1;
      return;
    }
    const end = Math.ceil(b);
    const perColumn = extent / (b - a);
    // Covered area of column c is what the edge has risen so far, averaged over the column.
    let before = 0;
    for (let c = start; c < end; c++) {
      const left = Math.max(a, c);
      const right = Math.min(b, c + 1);
      const rise = (right - left) * perColumn;
      const risen = (left - a) * perColumn;
      const covered = risen * (right - left) + (rise * (right - left)) / 2 + (risen + rise) * (c + 1 - right);
      area[base + c] += covered - before;
      before = covered;
    }
    area[base + end] += extent - before;
    if (end > lastColumn) lastColumn = end;
  }

  function addEdge(c0: number, r0: number, c1: number, r1: number): void {
    if (r0 === r1) return;
    const direction = r1 > r0 ? 1 : -1;
    const top = direction > 0 ? r0 : r1;
    const bottom = direction > 0 ? r1 : r0;
    if (bottom <= 0 || top >= height) return;
    const slope = (c1 - c0) / (r1 - r0);
    const origin = c0 - r0 * slope;
    const lastRow = Math.min(height, bottom);
    let from = Math.max(0, top);
    for (let row = Math.floor(from); from < lastRow; row++) {
      const to = Math.min(row + 1, lastRow);
      addSpan(row, origin + from * slope, origin + to * slope, direction * (to - from));
      from = to;
    }
  }

  return {
    fillQuad(corners, gain, channel, out) {
      const full = 255 * gain;
      let top = height;
      let bottom = 0;
      for (let i = 1; i < 8; i += 2) {
        top = Math.min(top, corners[i]);
        bottom = Math.max(bottom, corners[i]);
      }
      const firstRow = Math.max(0, Math.floor(top));
      const endRow = Math.min(height, Math.ceil(bottom));
      if (firstRow >= endRow) return;
      firstColumn = width;
      lastColumn = 0;
      for (let i = 0; i < 8; i += 2) {
        const j = (i + 2) & 7;
        addEdge(corners[i], corners[i + 1], corners[j], corners[j + 1]);
      }
      for (let row = firstRow; row < endRow; row++) {
        const base = row * stride;
        let p = (row * width + firstColumn) * channelsPerPixel + channel;
        let covered = 0;
        for (let c = firstColumn; c <= lastColumn; c++) {
          covered += area[base + c];
          area[base + c] = 0;
          if (c < width) {
            const value = out[p] + ((Math.abs(covered) * full + 0.5) | 0);
            out[p] = value > 255 ? 255 : value;
            p += channelsPerPixel;
          }
        }
      }
    },
  };
}

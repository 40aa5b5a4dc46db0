/** The ego-centered grid: rows run along the heading (row 0 is farthest ahead), columns across (column 0 is leftmost). */
export interface PixelSpec {
  readonly height: number;
  readonly width: number;
  readonly metersPerRow: number;
  readonly metersPerColumn: number;
}

/** Channel order of a pixel state [H, W, C], one byte each. The ego channel is rendered apart: it never changes. */
export const channels = { lane: 0, traffic: 1, offroad: 2 } as const;
export const channelCount = 3;

export const pixelSpecs = {
  /** The paper's grid: 468 × 96 px of 3.7 m / 24, down-sampled by 4 (method: look-ahead 36.1 m, four lanes). */
  paper: { height: 117, width: 24, metersPerRow: 3.7 / 6, metersPerColumn: 3.7 / 6 },
  /** The laptop grid: the same stretch of road at 72 × 14.8 m. */
  laptop: { height: 64, width: 16, metersPerRow: 1.125, metersPerColumn: 0.925 },
} as const satisfies Record<string, PixelSpec>;

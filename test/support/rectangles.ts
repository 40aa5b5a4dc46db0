/** A rectangle along the grid: edges and size in rows and columns. */
export interface Rectangle {
  readonly top: number;
  readonly left: number;
  readonly length?: number;
  readonly width?: number;
}

/** Rectangles drawn by the area that they cover of each pixel, [H, W]. */
export function drawRectangles(
  rectangles: readonly Rectangle[],
  [H, W]: readonly [number, number],
): Float32Array {
  const covered = (from: number, size: number, cell: number): number =>
    Math.max(0, Math.min(from + size, cell + 1) - Math.max(from, cell));
  return Float32Array.from({ length: H * W }, (_, p) =>
    rectangles.reduce(
      (sum, { top, left, length = 4, width = 2 }) =>
        sum + covered(top, length, Math.floor(p / W)) * covered(left, width, p % W),
      0,
    ),
  );
}

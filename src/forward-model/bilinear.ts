/** Where a picture is read between four of its pixels; rewritten from pixel to pixel. */
export interface BilinearPlace {
  /** The pixel above left of it. */
  row: number;
  column: number;
  /** How far it is from there towards the next row and column, in [0, 1]. */
  down: number;
  right: number;
  /** Whether it lies within the picture, or was brought to its border, where a derivative ends. */
  inRows: boolean;
  inColumns: boolean;
}

export const bilinearPlace = (): BilinearPlace => ({
  ...{ row: 0, column: 0, down: 0, right: 0, inRows: true, inColumns: true },
});

/** Moves `place` to a row and column of a picture of H × W pixels; beyond the edge the border repeats. */
export function locate(place: BilinearPlace, row: number, column: number, H: number, W: number): void {
  place.inRows = row > 0 && row < H - 1;
  place.inColumns = column > 0 && column < W - 1;
  const heldRow = Math.min(H - 1, Math.max(0, row));
  const heldColumn = Math.min(W - 1, Math.max(0, column));
  place.row = Math.min(H - 2, Math.floor(heldRow));
  place.column = Math.min(W - 2, Math.floor(heldColumn));
  place.down = heldRow - place.row;
  place.right = heldColumn - place.column;
}

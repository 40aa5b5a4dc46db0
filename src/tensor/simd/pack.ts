import type { SimdHost } from "./host.ts";

/**
 * Packed weights: the columns of a matrix [entries, columns] in panels of 8 and then of 4 that lie one after
 * the other, each row by row, so that the inner loop of product.ts reads them in sequence. The last panel of 4
 * is filled up with zeros; it holds `lastLanes` true columns.
 */
export interface PackedLayout {
  readonly entries: number;
  readonly columns: number;
  readonly panels8: number;
  readonly panels4: number;
  readonly lastLanes: number;
  readonly weights: number;
  /** Bias by column, or zeros. */
  readonly bias: number;
}

/** Reserves room for the packed matrix and fills in the bias at address `bias` (0: none). */
export function layOut(host: SimdHost, entries: number, columns: number, bias: number): PackedLayout {
  const panels8 = Math.floor(columns / 8);
  const rest = columns - 8 * panels8;
  const panels4 = Math.ceil(rest / 4);
  const bytes = 4 * (8 * panels8 + 4 * panels4);
  const biasAddress = host.scratch("bias", bytes);
  host.run.clear(biasAddress, bytes);
  if (bias !== 0) host.run.copyBlocks(biasAddress, bias, columns, 1, 0, 0, 1, 0, 0);
  return {
    ...{ entries, columns, panels8, panels4, lastLanes: rest - 4 * Math.max(0, panels4 - 1) },
    weights: host.scratch("weights", Math.max(16, entries * bytes)),
    bias: biasAddress,
  };
}

/** Packs a matrix [entries, columns] in row-major order. */
export function packPlain(host: SimdHost, layout: PackedLayout, from: number): void {
  const { entries, columns } = layout;
  eachPanel(host, layout, (to, column, width, lanes) =>
    host.run.copyBlocks(to, from + 4 * column, lanes, 1, 0, 0, entries, 4 * width, 4 * columns),
  );
}

/**
 * Packs the transpose of the matrices [columns, inner] found at the multiples `taps` of their size, one below
 * the other: for a filter [h, w, C, D] these are its taps [C, D], and the result maps D to C.
 */
export function packTransposed(
  host: SimdHost,
  layout: PackedLayout,
  from: number,
  inner: number,
  taps: readonly number[],
): void {
  eachPanel(host, layout, (to, column, width, lanes) =>
    taps.forEach((tap, i) =>
      host.run.copyMatrix(
        ...[to + i * inner * 4 * width, from + 4 * inner * (tap * layout.columns + column)],
        ...[lanes, 4, 4 * inner, inner, 4 * width, 4],
      ),
    ),
  );
}

function eachPanel(
  host: SimdHost,
  layout: PackedLayout,
  body: (to: number, column: number, width: number, lanes: number) => void,
): void {
  const { entries, panels8, panels4, lastLanes } = layout;
  let to = layout.weights;
  for (let panel = 0; panel < panels8; panel++) {
    body(to, 8 * panel, 8, 8);
    to += entries * 32;
  }
  for (let panel = 0; panel < panels4; panel++) {
    const lanes = panel === panels4 - 1 ? lastLanes : 4;
    if (lanes < 4) host.run.clear(to, entries * 16);
    body(to, 8 * panels8 + 4 * panel, 4, lanes);
    to += entries * 16;
  }
}

import type { SimdHost } from "./host.ts";

/** How many panels of 8 and 4 columns a matrix is cut into; the last panel of 4 has `lastLanes` of them. */
export interface Panels {
  readonly panels8: number;
  readonly panels4: number;
  readonly lastLanes: number;
}

/** Cuts `columns` columns into panels. */
export function cut(columns: number): Panels {
  const panels8 = Math.floor(columns / 8);
  const panels4 = Math.ceil((columns - 8 * panels8) / 4);
  const lanes = columns % 4;
  return { panels8, panels4, lastLanes: lanes > 0 ? lanes : 4 };
}

/**
 * Packed weights: the columns of a matrix [entries, columns] in panels that lie one after the other, each row by
 * row, so that the inner loop of product.ts reads them in sequence. The last panel of 4 is filled up with zeros.
 */
export interface PackedLayout extends Panels {
  readonly entries: number;
  readonly columns: number;
  readonly weights: number;
  /** Bias by column, or zeros. */
  readonly bias: number;
}

/** Packed weights that are used again, by name: those of a filter that a rollout meets at every step. */
export type KeptWeights = Map<string, number>;

/**
 * Lays out a packed matrix and fills in the bias at address `bias` (0: none). `fill` packs the weights, unless `kept`
 * has them under `name`.
 */
export function layOut(
  host: SimdHost,
  entries: number,
  columns: number,
  bias: number,
  fill: (layout: PackedLayout) => void,
  kept: KeptWeights | null = null,
  name = "",
): PackedLayout {
  const bytes = 16 * Math.ceil(columns / 4);
  const biasAddress = host.scratch("bias", bytes);
  host.run.clear(biasAddress, bytes);
  if (bias !== 0) host.run.copyBlocks(biasAddress, bias, columns, 1, 0, 0, 1, 0, 0);
  const size = Math.max(16, entries * bytes);
  const found = kept?.get(name);
  const weights = found ?? (kept === null ? host.scratch("weights", size) : host.allocate(size));
  const layout = { ...cut(columns), entries, columns, weights, bias: biasAddress };
  if (found !== undefined) return layout;
  fill(layout);
  kept?.set(name, weights);
  return layout;
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
  let column = 0;
  const next = (width: number, lanes: number): void => {
    if (lanes < width) host.run.clear(to, entries * 4 * width);
    body(to, column, width, lanes);
    to += entries * 4 * width;
    column += lanes;
  };
  for (let panel = 0; panel < panels8; panel++) next(8, 8);
  for (let panel = 0; panel < panels4; panel++) next(4, panel === panels4 - 1 ? lastLanes : 4);
}

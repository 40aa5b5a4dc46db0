import type { SimdHost } from "./host.ts";
import { interleaveSlack } from "./interleave.ts";

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

/** Where the panels of 4 begin that follow `panels8` panels of 8. */
export function panels4At(weights: number, entries: number, panels8: number): number {
  return weights + 32 * entries * panels8;
}

/** Bytes of a matrix [entries, columns] in panels. */
export function packedBytes(entries: number, columns: number): number {
  return 16 * entries * Math.ceil(columns / 4) + interleaveSlack;
}

/** A matrix [entries, columns] in panels that lie one after the other, as product.ts reads it. */
export interface PackedWeights extends Panels {
  readonly entries: number;
  readonly columns: number;
  readonly weights: number;
}

/** Packed weights that are used again, by name: those of a filter that a rollout meets at every step. */
export type KeptWeights = Map<string, number>;

/** Lays out a packed matrix. `fill` packs the weights, unless `kept` has them under `name`. */
export function layOut(
  host: SimdHost,
  entries: number,
  columns: number,
  fill: (layout: PackedWeights) => void,
  kept: KeptWeights | null,
  name: string,
): PackedWeights {
  const size = packedBytes(entries, columns);
  const found = kept?.get(name);
  const weights = found ?? (kept === null ? host.scratch("weights", size) : host.allocate(size));
  const layout = { ...cut(columns), entries, columns, weights };
  if (found !== undefined) return layout;
  fill(layout);
  kept?.set(name, weights);
  return layout;
}

/** Packs a matrix [entries, columns] whose rows start at from + offsets[k]; `offsets` is the address of a table. */
export function packColumns(
  host: SimdHost,
  { weights, entries, panels8, panels4 }: Omit<PackedWeights, "columns">,
  from: number,
  offsets: number,
): void {
  const rest = panels4At(weights, entries, panels8);
  host.run.packColumns8(weights, from, offsets, entries, 2 * panels8);
  host.run.packColumns4(rest, from + 32 * panels8, offsets, entries, panels4);
}

/** Packs a matrix [entries, columns] in row-major order that lies in `parts` parts, `partStride` bytes apart. */
export function packPlain(
  host: SimdHost,
  to: PackedWeights,
  from: number,
  parts: number,
  partStride: number,
): void {
  packColumns(host, to, from, host.offsets([1, parts, to.entries / parts], [0, partStride, 4 * to.columns]));
}

/**
 * Packs the transpose of the matrices [columns, inner] found at the multiples `taps` of their size, one below
 * the other: for a filter [h, w, C, D] these are its taps [C, D], and the result maps D to C.
 */
export function packTransposed(
  host: SimdHost,
  { weights, entries, columns, panels8, panels4, lastLanes }: PackedWeights,
  from: number,
  inner: number,
  taps: readonly number[],
): void {
  const rows = host.offsets([1, 1, columns], [0, 0, 4 * inner]);
  let to = weights;
  let column = 0;
  const next = (width: 4 | 8, lanes: number): void => {
    const packRows = width === 8 ? host.run.packRows8 : host.run.packRows4;
    taps.forEach((tap, i) =>
      packRows(
        ...[to + i * inner * 4 * width, from + 4 * inner * columns * tap, rows + 4 * column, lanes],
        ...[1, 0, inner],
      ),
    );
    to += entries * 4 * width;
    column += lanes;
  };
  for (let panel = 0; panel < panels8; panel++) next(8, 8);
  for (let panel = 0; panel < panels4; panel++) next(4, panel === panels4 - 1 ? lastLanes : 4);
}

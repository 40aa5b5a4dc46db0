import type { SimdHost } from "./host.ts";
import { interleaveSlack } from "./interleave.ts";
import { cut, packColumns, packedBytes, panels4At, type PackedWeights } from "./pack.ts";
import { tileRows } from "./product.ts";

/*
 * Products in blocks that the caches hold: a tile of rows and a panel of weights in the first one, the weights that meet a
 * block of rows in the second. What memory has to bring, it brings once.
 */

/** Floats of a row that are multiplied in one go: with 8 columns, 12 KiB of weights. */
const stretch = 384;
/** Panels of 8 columns that meet a block of rows: with a stretch of floats, 384 KiB of weights. */
const panelsAtOnce = 32;
/** Rows of a block: more where the weights are so large that reading them again costs more than reading packed rows. */
const blockRows = { small: 128, large: 512 };
const largeBytes = 1 << 19;

/** Rows of floats that consist of `parts` parts, `partStride` bytes apart; row q starts at x + offsets[q]. */
export interface Patches {
  readonly x: number;
  /** Address of the table. */
  readonly offsets: number;
  readonly rows: number;
  readonly parts: number;
  readonly partStride: number;
  readonly partLength: number;
}

/** Where rows of results go: row q to y + offsets[q]. */
export interface Target {
  readonly y: number;
  readonly offsets: number;
}

/** y = leaky(patches · weights + bias); `bias` is an address or 0 for none, `slope` 1 for no rectifier. */
export function multiplyPatches(
  host: SimdHost,
  patches: Patches,
  packed: PackedWeights,
  bias: number,
  { y, offsets }: Target,
  slope: number,
): void {
  const { entries, columns } = packed;
  const { x, rows, partStride } = patches;
  const most = packedBytes(entries, columns) > largeBytes ? blockRows.large : blockRows.small;
  const stretches = stretchesOf(patches);
  const tiles = host.scratch("tiles", tileBytes(Math.min(rows, most), stretches[0]!.floats));
  for (let row = 0; row < rows; row += most) {
    const count = Math.min(most, rows - row);
    let first = 0;
    for (const { start, parts, partLength, floats } of stretches) {
      host.run.packRows4(tiles, x + start, patches.offsets + 4 * row, count, parts, partStride, partLength);
      const block = { tiles, floats, first, start: first === 0 ? bias : -1, rows: count };
      const to = { y, offsets: offsets + 4 * row };
      multiply(host, block, packed, to, first + floats === entries ? slope : 1);
      first += floats;
    }
  }
}

/** Tiles times all panels, some panels after the other; for the rest see product.ts. */
function multiply(
  host: SimdHost,
  block: {
    readonly tiles: number;
    readonly floats: number;
    readonly first: number;
    readonly start: number;
    readonly rows: number;
  },
  { weights, entries, panels8, panels4, lastLanes }: Omit<PackedWeights, "columns">,
  { y, offsets }: Target,
  slope: number,
): void {
  const rest = panels4At(weights, entries, panels8);
  for (let panel = 0; panel === 0 || panel < panels8; panel += panelsAtOnce) {
    const count = Math.min(panelsAtOnce, panels8 - panel);
    const isLast = panel + count === panels8;
    host.run.product(
      ...[block.tiles, block.floats, weights + 32 * entries * panel, rest, entries, block.first],
      ...[
        block.start > 0 ? block.start + 32 * panel : block.start,
        y + 32 * panel,
        offsets,
        block.rows,
        slope,
      ],
      ...[count, isLast ? panels4 : 0, lastLanes],
    );
  }
}

const tileBytes = (rows: number, floats: number): number =>
  4 * tileRows * Math.ceil(rows / tileRows) * floats + interleaveSlack;

interface Stretch {
  /** Bytes from the beginning of a row. */
  readonly start: number;
  readonly parts: number;
  readonly partLength: number;
  readonly floats: number;
}

/** Cuts rows into a few whole parts or pieces of parts, the longest first; empty rows into one empty stretch. */
function stretchesOf({ parts, partStride, partLength }: Patches): Stretch[] {
  if (parts * partLength === 0) return [{ start: 0, parts: 0, partLength: 0, floats: 0 }];
  const list: Stretch[] = [];
  if (partLength > stretch) {
    const length = Math.ceil(partLength / Math.ceil(partLength / stretch) / 4) * 4;
    for (let part = 0; part < parts; part++) {
      for (let k = 0; k < partLength; k += length) {
        const floats = Math.min(length, partLength - k);
        list.push({ start: part * partStride + 4 * k, parts: 1, partLength: floats, floats });
      }
    }
  } else {
    const atOnce = Math.ceil(parts / Math.ceil((parts * partLength) / stretch));
    for (let part = 0; part < parts; part += atOnce) {
      const count = Math.min(atOnce, parts - part);
      list.push({ start: part * partStride, parts: count, partLength, floats: count * partLength });
    }
  }
  return list;
}

/** Rows whose products are summed in one go, and columns of patches that meet them. */
const filterBlock = { rows: 256, entries: 32 };

/** A matrix [entries of a patch, columns] in which the parts of a patch lie `partStride` bytes apart. */
export interface PatchSum {
  readonly address: number;
  readonly partStride: number;
}

/** Adds patchesᵀ · g to `sum`, for g [rows, columns]. */
export function addPatchesTimes(
  host: SimdHost,
  patches: Patches,
  g: number,
  columns: number,
  sum: PatchSum,
): void {
  const { x, rows, parts, partStride, partLength } = patches;
  const panels = cut(columns);
  const gRows = host.offsets([1, 1, rows], [0, 0, 4 * columns]);
  const sumRows = host.offsets([1, 1, filterBlock.entries], [0, 0, 4 * columns]);
  const weights = host.scratch("weights", packedBytes(Math.min(rows, filterBlock.rows), columns));
  const tiles = host.scratch("tiles", tileBytes(filterBlock.entries, Math.min(rows, filterBlock.rows)));
  for (let row = 0; row < rows; row += filterBlock.rows) {
    const count = Math.min(filterBlock.rows, rows - row);
    packColumns(host, { weights, entries: count, ...panels }, g, gRows + 4 * row);
    for (let part = 0; part < parts; part++) {
      for (let entry = 0; entry < partLength; entry += filterBlock.entries) {
        const entries = Math.min(filterBlock.entries, partLength - entry);
        const start = x + part * partStride + 4 * entry;
        host.run.packColumns4(tiles, start, patches.offsets + 4 * row, count, Math.ceil(entries / 4));
        const block = { tiles, floats: count, first: 0, start: -1, rows: entries };
        const y = sum.address + part * sum.partStride + 4 * columns * entry;
        multiply(host, block, { weights, entries: count, ...panels }, { y, offsets: sumRows }, 1);
      }
    }
  }
}

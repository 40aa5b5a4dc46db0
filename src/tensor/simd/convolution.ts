import { addPatchesTimes, multiplyPatches, type Patches } from "./blocks.ts";
import { hasFewRows } from "./few-rows.ts";
import type { SimdHost } from "./host.ts";
import type { LateProducts } from "./late-products.ts";
import { layOut, packPlain, packTransposed, type KeptWeights, type PackedWeights } from "./pack.ts";
import { metTaps, phases, type Phase } from "./taps.ts";

/** A convolution's sizes: input [B, H, W, C], filter [h, w, C, D], output [B, OH, OW, D]; zeros around the input. */
export interface ConvolutionShape {
  readonly batch: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padTop: number;
  readonly padLeft: number;
}

/** An image block in memory with zeros around it. */
interface Padded {
  readonly address: number;
  readonly height: number;
  readonly width: number;
}

/** Copies [batch, height, width, channels] into the middle of zeros, unless there is nothing to add. */
function pad(
  host: SimdHost,
  name: "input" | "paddedGradient",
  address: number,
  [batch, height, width, channels]: readonly [number, number, number, number],
  [top, bottom, left, right]: readonly [number, number, number, number],
): Padded {
  if (top + bottom + left + right === 0) return { address, height, width };
  const row = 4 * channels;
  const outHeight = top + height + bottom;
  const outWidth = left + width + right;
  const bytes = batch * outHeight * outWidth * row;
  const to = host.scratch(name, bytes);
  host.run.clear(to, bytes);
  host.run.copyBlocks(
    ...[to + (top * outWidth + left) * row, address, width * channels],
    ...[batch, outHeight * outWidth * row, height * width * row],
    ...[height, outWidth * row, width * row],
  );
  return { address: to, height: outHeight, width: outWidth };
}

/** The input with the zeros its patches reach. */
function padInput(host: SimdHost, s: ConvolutionShape, x: number): Padded {
  const beyond = (out: number, stride: number, filter: number, size: number, before: number) =>
    Math.max(0, (out - 1) * stride + filter - size - before);
  return pad(
    host,
    "input",
    x,
    [s.batch, s.inHeight, s.inWidth, s.inChannels],
    [
      s.padTop,
      beyond(s.outHeight, s.strideHeight, s.filterHeight, s.inHeight, s.padTop),
      s.padLeft,
      beyond(s.outWidth, s.strideWidth, s.filterWidth, s.inWidth, s.padLeft),
    ],
  );
}

/** The patches of the padded input. */
function patchesOf(host: SimdHost, s: ConvolutionShape, padded: Padded): Patches {
  const pixel = 4 * s.inChannels;
  return {
    x: padded.address,
    offsets: host.offsets(
      [s.batch, s.outHeight, s.outWidth],
      [padded.height * padded.width * pixel, s.strideHeight * padded.width * pixel, s.strideWidth * pixel],
    ),
    rows: s.batch * s.outHeight * s.outWidth,
    parts: s.filterHeight,
    partStride: padded.width * pixel,
    partLength: s.filterWidth * s.inChannels,
  };
}

/**
 * y = leaky(x ∗ filter + bias); addresses, `bias` 0 for none, `slope` 1 for no rectifier.
 * @param kept packed weights of this filter from earlier calls
 */
export function convolve(
  host: SimdHost,
  s: ConvolutionShape,
  addresses: { readonly x: number; readonly filter: number; readonly bias: number; readonly y: number },
  slope: number,
  kept: KeptWeights | null = null,
): void {
  const { shape, before, rowStride } = metTaps(s);
  const patches = patchesOf(host, shape, padInput(host, shape, addresses.x));
  const { parts, partLength } = patches;
  const pack = (to: PackedWeights): void =>
    packPlain(host, to, addresses.filter + 4 * before, parts, 4 * rowStride);
  const name = `plain ${before} ${parts} ${partLength}`;
  const weights = layOut(host, parts * partLength, s.outChannels, pack, kept, name);
  const offsets = host.offsets([1, 1, patches.rows], [0, 0, 4 * s.outChannels]);
  multiplyPatches(host, patches, weights, addresses.bias, { y: addresses.y, offsets }, slope);
}

/** dx from g = dy. */
export function convolveBackToInput(
  host: SimdHost,
  s: ConvolutionShape,
  addresses: { readonly g: number; readonly filter: number; readonly dx: number },
  kept: KeptWeights | null = null,
): void {
  if (hasFewRows(s)) {
    const { g, filter, dx } = addresses;
    const rows = s.batch * s.outHeight * s.outWidth;
    host.run.fewRowsBackToInput(dx, g, filter, rows, s.inChannels, s.outChannels);
  } else convolveTransposed(host, s, { ...addresses, bias: 0 }, 1, kept);
}

/**
 * dx = leaky(the transposed convolution of g + bias), with `s` the sizes of the convolution from dx to g: the pixels of
 * dx that share a remainder by the stride see the same taps, so each such phase is a small ordinary convolution
 * of g with the flipped, transposed part of the filter.
 */
export function convolveTransposed(
  host: SimdHost,
  s: ConvolutionShape,
  addresses: { readonly g: number; readonly filter: number; readonly bias: number; readonly dx: number },
  slope: number,
  kept: KeptWeights | null = null,
): void {
  const down = phases(s.inHeight, s.filterHeight, s.strideHeight, s.padTop, s.outHeight);
  const across = phases(s.inWidth, s.filterWidth, s.strideWidth, s.padLeft, s.outWidth);
  const before = (list: readonly Phase[]) => Math.max(0, ...list.map(({ start }) => -start));
  const after = (list: readonly Phase[], size: number) =>
    Math.max(0, ...list.map(({ start, count, taps }) => start + count - 1 + taps.length - size));
  const [top, left] = [before(down), before(across)];
  const padded = pad(
    host,
    "paddedGradient",
    addresses.g,
    [s.batch, s.outHeight, s.outWidth, s.outChannels],
    [top, after(down, s.outHeight), left, after(across, s.outWidth)],
  );
  const source = 4 * s.outChannels;
  const target = 4 * s.inChannels;
  for (const row of down) {
    for (const column of across) {
      const counts = [s.batch, row.count, column.count] as const;
      const taps = row.taps.flatMap((i) => column.taps.map((j) => i * s.filterWidth + j));
      const pack = (to: PackedWeights): void =>
        packTransposed(host, to, addresses.filter, s.outChannels, taps);
      const entries = taps.length * s.outChannels;
      const weights = layOut(host, entries, s.inChannels, pack, kept, `transposed ${taps.join()}`);
      const xStart = (top + row.start) * padded.width + left + column.start;
      const yStart = row.first * s.inWidth + column.first;
      const patches = {
        x: padded.address + xStart * source,
        offsets: host.offsets(counts, [padded.height * padded.width * source, padded.width * source, source]),
        rows: s.batch * row.count * column.count,
        parts: row.taps.length,
        partStride: padded.width * source,
        partLength: column.taps.length * s.outChannels,
      };
      const places = host.offsets(counts, [
        s.inHeight * s.inWidth * target,
        s.strideHeight * s.inWidth * target,
        s.strideWidth * target,
      ]);
      const to = { y: addresses.dx + yStart * target, offsets: places };
      multiplyPatches(host, patches, weights, addresses.bias, to, slope);
    }
  }
}

/**
 * dW from x and g = dy.
 * @param late adds to what `dW` holds, at once or later
 */
export function convolveBackToFilter(
  host: SimdHost,
  s: ConvolutionShape,
  addresses: { readonly x: number; readonly g: number; readonly dW: number },
  late: LateProducts | null = null,
): void {
  const entries = s.filterHeight * s.filterWidth * s.inChannels;
  if (late === null) host.run.clear(addresses.dW, 4 * entries * s.outChannels);
  const { shape, before, rowStride } = metTaps(s);
  const patches = patchesOf(host, shape, padInput(host, shape, addresses.x));
  const sum = { address: addresses.dW + 4 * before, partStride: 4 * rowStride };
  if (late === null) addPatchesTimes(host, patches, addresses.g, s.outChannels, sum);
  else late.add(patches, addresses.g, s.outChannels, sum);
}

/** Sums a matrix [rows, columns] over its rows into `out`. */
export function sumOverRows(host: SimdHost, x: number, rows: number, columns: number, out: number): void {
  const wide = widen(host, x, rows, columns);
  const exact = 4 * wide.vectors === columns;
  const sums = exact ? out : host.scratch("output", 16 * wide.vectors);
  host.run.sumRows(sums, wide.address, rows, 16 * wide.vectors, wide.vectors);
  if (!exact) host.run.copyBlocks(out, sums, columns, 1, 0, 0, 1, 0, 0);
}

/** A matrix whose rows are filled up with zeros to whole vectors of four floats. */
function widen(
  host: SimdHost,
  address: number,
  rows: number,
  columns: number,
): { address: number; vectors: number } {
  const vectors = Math.ceil(columns / 4);
  if (4 * vectors === columns) return { address, vectors };
  const to = host.scratch("paddedGradient", rows * 16 * vectors);
  host.run.clear(to, rows * 16 * vectors);
  host.run.copyBlocks(to, address, columns, 1, 0, 0, rows, 16 * vectors, 4 * columns);
  return { address: to, vectors };
}

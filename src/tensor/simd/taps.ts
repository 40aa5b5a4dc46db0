import type { ConvolutionShape } from "./convolution.ts";

/**
 * Taps of a filter that meet the input: a wide filter on a narrow image has rows or columns that only ever meet the
 * zeros around it.
 */
export interface MetTaps {
  /** The convolution by these taps alone. */
  readonly shape: ConvolutionShape;
  /** Floats of the filter before the first of them. */
  readonly before: number;
  /** Floats of the filter from one row of taps to the next. */
  readonly rowStride: number;
}

/** All taps where none meets anything. */
export function metTaps(s: ConvolutionShape): MetTaps {
  const tap = s.inChannels * s.outChannels;
  const rowStride = s.filterWidth * tap;
  const rows = met(s.filterHeight, s.outHeight, s.strideHeight, s.inHeight, s.padTop);
  const columns = met(s.filterWidth, s.outWidth, s.strideWidth, s.inWidth, s.padLeft);
  if (rows.count * columns.count === 0) return { shape: s, before: 0, rowStride };
  const shape = {
    ...s,
    filterHeight: rows.count,
    filterWidth: columns.count,
    padTop: s.padTop - rows.first,
    padLeft: s.padLeft - columns.first,
  };
  return { shape, before: rows.first * rowStride + columns.first * tap, rowStride };
}

/** First and number of the taps along one axis that meet the input somewhere. */
function met(filter: number, out: number, stride: number, size: number, pad: number) {
  let first = filter;
  let end = 0;
  for (let tap = 0; tap < filter; tap++) {
    // The last output pixel at which the tap has not yet passed the input.
    const last = Math.min(out - 1, Math.floor((size - 1 + pad - tap) / stride));
    if (last < 0 || last * stride + tap < pad) continue;
    first = Math.min(first, tap);
    end = tap + 1;
  }
  return { first, count: Math.max(0, end - first) };
}

/** Pixels along one axis that see the same taps (see `convolveTransposed`), a stride apart. */
export interface Phase {
  /** First pixel and how many there are. */
  readonly first: number;
  readonly count: number;
  /** Filter indices in the order of ascending output pixel. */
  readonly taps: readonly number[];
  /** Output pixel that the first tap meets for the first pixel; can be negative. */
  readonly start: number;
}

/** The phases of an axis of `size` pixels: by remainder, and where it pays by what they meet of `out` pixels. */
export function phases(size: number, filter: number, stride: number, before: number, out: number): Phase[] {
  return Array.from({ length: Math.min(stride, size) }, (_, first) => {
    const rest = (first + before) % stride;
    const taps = [];
    for (let tap = rest; tap < filter; tap += stride) taps.unshift(tap);
    const start = (first + before - rest) / stride - (taps.length - 1);
    return { first, count: Math.ceil((size - first) / stride), taps, start };
  }).flatMap((phase) => withoutWaste(phase, stride, out));
}

/** Cuts a phase at the edges where a fourth of its taps or more would meet the zeros beyond them. */
function withoutWaste(phase: Phase, stride: number, out: number): Phase[] {
  const { taps, count } = phase;
  const fromOf = (n: number): number => Math.max(0, -(phase.start + n));
  const endOf = (n: number): number => Math.max(fromOf(n), Math.min(taps.length, out - (phase.start + n)));
  let met = 0;
  for (let n = 0; n < count; n++) met += endOf(n) - fromOf(n);
  if (4 * (taps.length * count - met) < taps.length * count) return [phase];
  const parts: Phase[] = [];
  for (let n = 0, next = 0; n < count; n = next) {
    const [from, end] = [fromOf(n), endOf(n)];
    while (next < count && fromOf(next) === from && endOf(next) === end) next++;
    const first = phase.first + stride * n;
    parts.push({ first, count: next - n, taps: taps.slice(from, end), start: phase.start + n + from });
  }
  return parts;
}

/** The value below which a `fraction` of the sorted values lies, interpolated between neighbors; NaN of none. */
export function quantileOfSorted(sorted: ArrayLike<number>, fraction: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = fraction * (sorted.length - 1);
  const index = Math.floor(position);
  const low = sorted[index]!;
  const high = sorted[Math.min(index + 1, sorted.length - 1)]!;
  // Two infinities have no difference.
  return low === high ? low : low + (high - low) * (position - index);
}

/** An estimate with its 95 % interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A value with the middle 95 % of what resampling gave; without a finite one its bounds are NaN. */
export function intervalOf(value: number, drawn: readonly number[]): Interval {
  const sorted = Float64Array.from(drawn.filter(Number.isFinite)).sort();
  const at = (fraction: number): number => sorted[Math.round(fraction * (sorted.length - 1))] ?? Number.NaN;
  return { value, low: at(0.025), high: at(0.975) };
}

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

/** A rate with its 95 % interval, all in [0, 1]. */
export interface RateInterval {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** Standard normal quantile of a two-sided 95 % interval. */
const z = 1.959963984540054;

/**
 * Wilson score interval of `successes` out of `count`:
 *
 *     (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
 *
 * It stays within [0, 1] and has a width even at 0 and 100 %. Without episodes everything is possible: [0, 1].
 * (Wilson, J. Am. Stat. Assoc. 22 (1927) 209.)
 */
export function wilsonInterval(successes: number, count: number): RateInterval {
  if (count === 0) return { rate: 0, low: 0, high: 1 };
  const p = successes / count;
  const scale = 1 + (z * z) / count;
  const center = (p + (z * z) / (2 * count)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / count + (z * z) / (4 * count * count));
  // At the ends the formula is exact in theory and off by rounding in practice.
  return {
    rate: p,
    low: successes === 0 ? 0 : center - half,
    high: successes === count ? 1 : center + half,
  };
}

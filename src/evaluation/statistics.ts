import { quantileOfSorted } from "../core/index.ts";

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

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value below which a `fraction` of the values lies, interpolated between neighbors; 0 of no values. */
export function quantile(values: ArrayLike<number>, fraction: number): number {
  return values.length === 0 ? 0 : quantileOfSorted(new Float64Array(values).sort(), fraction);
}

import { quantileOfSorted } from "../core/index.ts";

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value below which a `fraction` of the values lies, interpolated between neighbors; 0 of no values. */
export function quantile(values: ArrayLike<number>, fraction: number): number {
  return values.length === 0 ? 0 : quantileOfSorted(new Float64Array(values).sort(), fraction);
}

/** Measured values and, for each, the index of the vehicle (or other block) that it belongs to. */
export interface Sample {
  readonly values: readonly number[];
  readonly blocks: readonly number[];
}

/** A `Sample` that still grows; plain data, so that it can travel between threads. */
export interface GrowingSample extends Sample {
  readonly values: number[];
  readonly blocks: number[];
}

export const createSample = (): GrowingSample => ({ values: [], blocks: [] });

export function addTo(sample: GrowingSample, value: number, block: number): void {
  sample.values.push(value);
  sample.blocks.push(block);
}

/** The value below which a `fraction` of the sorted values lies; NaN of none. */
export function quantileOfSorted(sorted: ArrayLike<number>, fraction: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = fraction * (sorted.length - 1);
  const index = Math.floor(position);
  const low = sorted[index]!;
  const high = sorted[Math.min(index + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - index);
}

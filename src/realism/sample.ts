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

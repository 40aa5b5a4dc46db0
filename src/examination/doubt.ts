import type { DoubtName, UsualVariance } from "../policy/index.ts";

/** Mean and deviation of each variance at each step over training windows under the human's actions. */
export type UsualDoubt = { readonly [Name in DoubtName]: UsualVariance };

/**
 * The unbiased variance over K replicas, mean over the numbers of a window, [count].
 * @param values [(1 + K)·count, size]: the windows, then their replicas one after the other
 * @param scales by which the numbers are divided first, in turn; none: 1
 */
export function varianceOfReplicas(
  values: Float32Array,
  count: number,
  masks: number,
  scales: readonly number[] = [1],
): Float64Array {
  const size = values.length / (count * (1 + masks));
  return Float64Array.from({ length: count }, (_, b) => {
    let total = 0;
    for (let i = 0; i < size; i++) {
      const scale = scales[i % scales.length]!;
      // Two passes: the one-pass formula loses the small variances of nearly equal numbers.
      let mean = 0;
      for (let k = 1; k <= masks; k++) mean += values[(k * count + b) * size + i]!;
      mean /= masks;
      let squares = 0;
      for (let k = 1; k <= masks; k++) squares += (values[(k * count + b) * size + i]! - mean) ** 2;
      total += squares / (masks - 1) / (scale * scale);
    }
    return total / size;
  });
}

/**
 * How far a variance lies above what is usual at its step,
 *
 *     U = max(0, (V − μ_t) / σ_t − hinge)
 *
 * each of the three by itself (Henaff, Canziani & LeCun, ICLR 2019, section 3.2, and their code).
 */
export function unusual(
  variance: number,
  { mean, deviation }: UsualVariance,
  step: number,
  hinge: number,
): number {
  return Math.max(0, (variance - mean[step]!) / deviation[step]! - hinge);
}

import { intervalOf, type Interval, type Rng } from "../core/index.ts";

export const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length === 0 ? 0 : sum / values.length;
};

export function deviation(values: ArrayLike<number>): number {
  const center = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - center) ** 2;
  return values.length === 0 ? 0 : Math.sqrt(sum / values.length);
}

/** Pearson's correlation; 0 where one side does not vary. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const da = a[i]! - meanA;
    const db = b[i]! - meanB;
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** Ranks from 0; equal values share their mean rank. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const out = new Float64Array(values.length);
  for (let first = 0; first < order.length;) {
    let end = first + 1;
    while (end < order.length && values[order[end]!] === values[order[first]!]) end++;
    for (let k = first; k < end; k++) out[order[k]!] = (first + end - 1) / 2;
    first = end;
  }
  return out;
}

/** Spearman's rank correlation. */
export const spearman = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  correlation(ranks(a), ranks(b));

const resamples = 500;

/**
 * A statistic with its percentile interval from bootstrap resamples of `count` independent units (windows), each of
 * which may hold several observations. Efron & Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
 * @param statistic of the units with these indices, repetitions included
 */
export function bootstrap(count: number, statistic: (units: Int32Array) => number, rng: Rng): Interval {
  const units = Int32Array.from({ length: count }, (_, i) => i);
  const value = statistic(units);
  const drawn = Array.from({ length: resamples }, () => {
    for (let i = 0; i < count; i++) units[i] = rng.integer(count);
    return statistic(units);
  });
  return intervalOf(value, drawn);
}

/**
 * Means with their percentile intervals from bootstrap resamples of clusters: observations of one cluster are drawn together. All
 * means are taken over the same resamples, so that a difference of two can be read off the mean of the differences.
 * @param clusterOf the cluster of each observation
 * @returns from one value per observation to their mean
 */
export function clusteredMeans(
  clusterOf: readonly unknown[],
  rng: Rng,
): (values: ArrayLike<number>) => Interval {
  const clusters = new Map([...new Set(clusterOf)].map((cluster, i) => [cluster, i]));
  const indices = clusterOf.map((cluster) => clusters.get(cluster)!);
  const drawn = Array.from({ length: resamples }, () => {
    const times = new Float64Array(clusters.size);
    for (let i = 0; i < times.length; i++) times[rng.integer(times.length)]!++;
    const weights = Float64Array.from(indices, (index) => times[index]!);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  });
  return (values) =>
    intervalOf(
      mean(values),
      drawn.map((weights) => weights.reduce((sum, weight, i) => sum + weight * values[i]!, 0)),
    );
}

/** The entries of `values` at the given places. */
export const pick = (values: ArrayLike<number>, places: Int32Array): Float64Array =>
  Float64Array.from(places, (i) => values[i]!);

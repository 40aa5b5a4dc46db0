import { intervalOf, type Interval, type Rng } from "../core/index.ts";
import type { Sample } from "./sample.ts";

/** How far two distributions lie apart. */
export interface Distance {
  /** Wasserstein-1: the mean way that values must be moved to turn one into the other, in their own unit. */
  readonly wasserstein: number;
  /** Kolmogorov-Smirnov: the largest difference of the two distribution functions, 0 to 1. */
  readonly kolmogorovSmirnov: number;
}

/** Two samples merged in order, ready to be compared again and again under other weights. */
interface Merged {
  readonly values: Float64Array;
  /** 0 for the first sample, 1 for the second, and the block of each value there. */
  readonly side: Uint8Array;
  readonly block: Int32Array;
  readonly blocks: readonly [number, number];
}

function merge(a: Sample, b: Sample): Merged {
  const count = a.values.length + b.values.length;
  const all = Array.from({ length: count }, (_, i) => i);
  const valueOf = (i: number): number => (i < a.values.length ? a.values[i] : b.values[i - a.values.length]);
  all.sort((i, j) => valueOf(i) - valueOf(j));
  return {
    values: Float64Array.from(all, valueOf),
    side: Uint8Array.from(all, (i) => (i < a.values.length ? 0 : 1)),
    block: Int32Array.from(all, (i) => (i < a.values.length ? a.blocks[i] : b.blocks[i - a.values.length])),
    blocks: [blockCount(a), blockCount(b)],
  };
}

const blockCount = ({ blocks }: Sample): number =>
  blocks.reduce((most, block) => Math.max(most, block + 1), 0);

/** ∫ |F − G| dx and max |F − G| in one sweep; NaN where a side weighs nothing. */
function sweep(merged: Merged, weights: readonly [Float64Array, Float64Array]): Distance {
  const { values, side, block } = merged;
  const total = [0, 0];
  for (let i = 0; i < values.length; i++) total[side[i]] += weights[side[i] as 0 | 1][block[i]];
  if (total[0] === 0 || total[1] === 0) return { wasserstein: Number.NaN, kolmogorovSmirnov: Number.NaN };
  let difference = 0;
  let wasserstein = 0;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const share = weights[side[i] as 0 | 1][block[i]] / total[side[i]];
    difference += side[i] === 0 ? share : -share;
    if (i + 1 === values.length || values[i + 1] === values[i]) continue;
    wasserstein += Math.abs(difference) * (values[i + 1] - values[i]);
    largest = Math.max(largest, Math.abs(difference));
  }
  return { wasserstein, kolmogorovSmirnov: largest };
}

const ones = (count: number): Float64Array => new Float64Array(count).fill(1);

export function distanceBetween(a: Sample, b: Sample): Distance {
  const merged = merge(a, b);
  return sweep(merged, [ones(merged.blocks[0]), ones(merged.blocks[1])]);
}

export interface DistanceEstimate {
  readonly wasserstein: Interval;
  readonly kolmogorovSmirnov: Interval;
}

/**
 * Distance with a 95 % interval from the block bootstrap: vehicles are drawn again with replacement, on both sides,
 * each with all of its values, since the values of one vehicle depend on each other. (Künsch, Ann. Stat. 17, 1989.)
 * A distance has no sign, so resampling can only add to it: the interval may lie above the value itself.
 */
export function estimateDistance(a: Sample, b: Sample, draws: number, rng: Rng): DistanceEstimate {
  const merged = merge(a, b);
  const value = sweep(merged, [ones(merged.blocks[0]), ones(merged.blocks[1])]);
  const found = Array.from({ length: draws }, () =>
    sweep(merged, [resample(merged.blocks[0], rng), resample(merged.blocks[1], rng)]),
  );
  return {
    wasserstein: intervalOf(
      value.wasserstein,
      found.map(({ wasserstein }) => wasserstein),
    ),
    kolmogorovSmirnov: intervalOf(
      value.kolmogorovSmirnov,
      found.map(({ kolmogorovSmirnov }) => kolmogorovSmirnov),
    ),
  };
}

/** How often each of `count` blocks comes up in `count` draws with replacement. */
export function resample(count: number, rng: Rng): Float64Array {
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) weights[rng.integer(count)]++;
  return weights;
}

/** The mean distance between two random halves of the vehicles: what chance alone makes of one and the same traffic. */
export function distanceOfHalves(sample: Sample, draws: number, rng: Rng): Distance {
  const merged = merge(sample, sample);
  const found: Distance[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const half = Float64Array.from({ length: merged.blocks[0] }, () => (rng.uniform() < 0.5 ? 1 : 0));
    const distance = sweep(merged, [half, half.map((weight) => 1 - weight)]);
    // Of few vehicles, all may fall into one half.
    if (Number.isFinite(distance.wasserstein)) found.push(distance);
  }
  const mean = (of: (distance: Distance) => number): number =>
    found.reduce((sum, distance) => sum + of(distance), 0) / found.length;
  return {
    wasserstein: mean(({ wasserstein }) => wasserstein),
    kolmogorovSmirnov: mean(({ kolmogorovSmirnov }) => kolmogorovSmirnov),
  };
}

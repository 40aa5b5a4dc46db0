import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { distanceBetween, distanceOfHalves, estimateDistance } from "../../src/realism/index.ts";

/** One value per vehicle. */
const sampleOf = (values: number[]) => ({ values, blocks: values.map((_, i) => i) });
const normals = (count: number, mean: number, seed: number) => {
  const rng = createRng(seed);
  return sampleOf(Array.from({ length: count }, () => mean + rng.normal()));
};

describe("the distance of two samples", () => {
  test("is nothing between a sample and itself", () => {
    const sample = normals(50, 0, 1);
    expect(distanceBetween(sample, sample)).toEqual({ wasserstein: 0, kolmogorovSmirnov: 0 });
  });

  test("is the way between two points, in their unit", () => {
    expect(distanceBetween(sampleOf([3]), sampleOf([7.5]))).toEqual({
      wasserstein: 4.5,
      kolmogorovSmirnov: 1,
    });
  });

  test("is the shift where one sample is the other one moved", () => {
    const { values } = normals(200, 0, 2);
    const moved = sampleOf(values.map((value) => value + 0.7));
    expect(distanceBetween(sampleOf(values), moved).wasserstein).toBeCloseTo(0.7, 10);
  });

  test("equals the mean difference of sorted values of samples of one size", () => {
    const a = normals(80, 0, 3);
    const b = normals(80, 0.5, 4);
    const sorted = (values: readonly number[]): number[] => [...values].sort((x, y) => x - y);
    const other = sorted(b.values);
    const twin = sorted(a.values).reduce((sum, value, i) => sum + Math.abs(value - other[i]), 0) / 80;
    expect(distanceBetween(a, b).wasserstein).toBeCloseTo(twin, 10);
  });

  test("does not depend on which sample comes first, nor on how often all values are repeated", () => {
    const a = normals(40, 0, 5);
    const b = normals(70, 1, 6);
    const twice = { values: [...b.values, ...b.values], blocks: [...b.blocks, ...b.blocks] };
    const { wasserstein, kolmogorovSmirnov } = distanceBetween(a, b);
    for (const other of [distanceBetween(b, a), distanceBetween(a, twice)]) {
      expect(other.wasserstein).toBeCloseTo(wasserstein, 10);
      expect(other.kolmogorovSmirnov).toBeCloseTo(kolmogorovSmirnov, 10);
    }
  });
});

describe("the interval of a distance", () => {
  test("is wider where the same number of values comes from fewer vehicles", () => {
    const { values } = normals(400, 0, 7);
    const other = normals(400, 1, 8);
    const width = (vehicles: number): number => {
      const sorted = [...values].sort((a, b) => a - b);
      const blocks = sorted.map((_, i) => Math.floor((i * vehicles) / sorted.length));
      const { low, high } = estimateDistance(
        { values: sorted, blocks },
        other,
        100,
        createRng(1),
      ).wasserstein;
      return high - low;
    };
    expect(width(10)).toBeGreaterThan(2 * width(400));
  });

  test("is the same for the same seed", () => {
    const [a, b] = [normals(60, 0, 9), normals(60, 1, 10)];
    const draw = () => estimateDistance(a, b, 50, createRng(3));
    expect(draw()).toEqual(draw());
  });

  test("halves of one sample lie closer than samples of different traffic", () => {
    const chance = distanceOfHalves(normals(200, 0, 11), 50, createRng(1));
    expect(chance.wasserstein).toBeGreaterThan(0);
    expect(chance.wasserstein).toBeLessThan(0.3);
  });
});

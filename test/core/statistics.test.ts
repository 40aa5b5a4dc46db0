import { expect, test } from "vitest";
import { createRng, wilsonInterval } from "../../src/core/index.ts";

test("the Wilson interval agrees with published values", () => {
  // Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3.
  const cases = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const;
  for (const [successes, count, low, high] of cases) {
    const interval = wilsonInterval(successes, count);
    expect(interval.rate).toBe(successes / count);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  }
});

test("all or none finished still leaves an interval, and no episodes say nothing", () => {
  expect(wilsonInterval(50, 50)).toMatchObject({ rate: 1, high: 1 });
  expect(wilsonInterval(50, 50).low).toBeLessThan(0.95);
  expect(wilsonInterval(0, 0)).toEqual({ rate: 0, low: 0, high: 1 });
});

test("the Wilson interval holds the true rate in about 95 of 100 experiments", () => {
  const rng = createRng("coverage");
  let inside = 0;
  for (let experiment = 0; experiment < 2000; experiment++) {
    let successes = 0;
    for (let i = 0; i < 100; i++) if (rng.uniform() < 0.8) successes++;
    const { low, high } = wilsonInterval(successes, 100);
    if (low <= 0.8 && 0.8 <= high) inside++;
  }
  expect(inside / 2000).toBeGreaterThan(0.93);
  expect(inside / 2000).toBeLessThan(0.97);
});

import { expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";

test("equal seeds give equal streams, number or text", () => {
  const draws = (seed: number | string): number[] => {
    const rng = createRng(seed);
    return [rng.uniform(), rng.normal(), rng.integer(1000), rng.normal()];
  };
  expect(draws(7)).toEqual(draws("7"));
  expect(draws(7)).not.toEqual(draws(8));
});

test("a fork depends on its label and its parent's seed, never on what was drawn before", () => {
  const early = createRng(1).fork("spawn");
  const parent = createRng(1);
  parent.uniform();
  parent.normal();
  const late = parent.fork("spawn");
  expect(late.uniform()).toBe(early.uniform());
  expect(createRng(1).fork("spawn").uniform()).not.toBe(createRng(1).fork("other").uniform());
  expect(createRng(1).fork("a").fork("b").uniform()).not.toBe(createRng(1).fork("b").fork("a").uniform());
});

test("normal numbers have mean 0, deviation 1 and the tails of a bell", () => {
  const rng = createRng("bell");
  const n = 20_000;
  const draws = Array.from({ length: n }, () => rng.normal());
  const mean = draws.reduce((a, b) => a + b, 0) / n;
  const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  expect(draws.filter((x) => Math.abs(x) > 2).length / n).toBeCloseTo(0.0455, 1.9);
});

test("integers cover their range and nothing else", () => {
  const rng = createRng(3);
  const seen = new Set(Array.from({ length: 500 }, () => rng.integer(6)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
});

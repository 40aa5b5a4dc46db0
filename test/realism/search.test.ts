import { expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createSearch, type Search } from "../../src/realism/index.ts";

const numbers = [
  { name: "a", low: 0, high: 10, start: 5 },
  { name: "b", low: -1, high: 1, start: 0 },
];

function searchFor(target: readonly number[], noise: number, seed = 1): Search {
  const rng = createRng("noise");
  const search = createSearch(numbers, { candidates: 20, eliteFraction: 0.3 }, createRng(seed));
  for (let round = 0; round < 30; round++) {
    search.tell(
      search
        .ask()
        .map(([a, b]) => ((a - target[0]) / 10) ** 2 + ((b - target[1]) / 2) ** 2 + noise * rng.uniform()),
    );
  }
  return search;
}

test("the search finds the bottom of a bowl, also where its losses are noisy", () => {
  for (const noise of [0, 0.005]) {
    const { center } = searchFor([7.5, -0.6], noise);
    expect(center[0]).toBeCloseTo(7.5, 0);
    expect(center[1]).toBeCloseTo(-0.6, 0);
  }
});

test("the search stays within its bounds when the bottom lies outside of them", () => {
  const search = searchFor([14, 0], 0);
  expect(search.best.point[0]).toBeLessThanOrEqual(10);
  expect(search.center[0]).toBeGreaterThan(9);
});

test("the same seed asks the same questions", () => {
  expect(searchFor([3, 0.2], 0).center).toEqual(searchFor([3, 0.2], 0).center);
});

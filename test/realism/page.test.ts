import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import {
  compare,
  type Observation,
  parameterRows,
  quantityNames,
  realismPage,
} from "../../src/realism/index.ts";

/** Made-up traffic: every quantity normal around a mean, ten values per vehicle. */
function observation(mean: number, seed: number): Observation {
  const rng = createRng(seed);
  const blocks = Array.from({ length: 200 }, (_, i) => Math.floor(i / 10));
  const samples = Object.fromEntries(
    quantityNames.map((name) => [name, { values: blocks.map(() => mean + rng.normal()), blocks }]),
  ) as unknown as Observation["samples"];
  return { samples, changes: [0, 1, 0, 2], meters: [300, 300, 300, 300] };
}

describe("a comparison", () => {
  test("of traffic with itself finds no distance, and the rate of lane changes per kilometer", () => {
    const same = compare(observation(3, 1), observation(3, 1), createRng(1));
    for (const { wasserstein, kolmogorovSmirnov } of same.quantities) {
      expect(wasserstein.value).toBeCloseTo(0, 10);
      expect(kolmogorovSmirnov.value).toBeCloseTo(0, 10);
    }
    expect(same.changeRate.real.value).toBeCloseTo(2.5, 10);
    expect(same.flowAtDensity.value).toBeCloseTo(0, 10);
  });

  test("of traffic that differs finds more than chance, with an interval around it", () => {
    const [speed] = compare(observation(3, 1), observation(4.5, 2), createRng(1)).quantities;
    expect(speed.wasserstein.value).toBeGreaterThan(5 * speed.chance.wasserstein);
    expect(speed.wasserstein.low).toBeLessThan(1.5);
    expect(speed.wasserstein.high).toBeGreaterThan(1.5);
  });
});

test("the page stands alone, names every parameter and escapes what it is told", () => {
  const comparison = compare(observation(3, 1), observation(4, 2), createRng(1));
  const page = realismPage({
    population: "calibrated",
    earlier: "uncalibrated",
    command: "a < b",
    sections: [
      {
        traffic: "US-101",
        split: "test",
        clips: "60 s",
        comparison,
        before: comparison,
        cells: { real: [[20, 1000]], generated: [[25, 1100]] },
      },
    ],
    parameters: parameterRows("calibrated", "uncalibrated"),
  });
  expect(page).toContain("a &lt; b");
  expect(page).toContain("desiredTimeGap");
  expect(page).not.toMatch(/<script|<link|src=|https?:/);
  expect(page).not.toContain("NaN");
});

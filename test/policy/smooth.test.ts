import { expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { correlate, correlateBack } from "../../src/policy/index.ts";

const rng = createRng("deviations");
const normal = (size: number): Float32Array => Float32Array.from({ length: size }, () => rng.normal());
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

test.each([0, 0.8, 0.99])(
  "a gradient goes back the way that deviations came, at smoothness %f",
  (smoothness) => {
    const [z, gradient] = [normal(30), normal(30)];
    expect(dot(gradient, correlate(z, smoothness))).toBeCloseTo(
      dot(correlateBack(gradient, smoothness), z),
      4,
    );
  },
);

test("without smoothness nothing is changed", () => {
  const z = normal(10);
  expect(correlate(z, 0)).toEqual(z);
  expect(correlateBack(z, 0)).toEqual(z);
});

test("neighbors in time correlate as told and are as far from zero as before; the two actions know nothing of each other", () => {
  const d = correlate(normal(40_000), 0.8);
  const [early, late] = [d.slice(0, -2), d.slice(2)];
  const variance = dot(d, d) / d.length;
  expect(variance).toBeCloseTo(1, 1);
  expect(dot(early, late) / early.length / variance).toBeCloseTo(0.8, 1);
  const [forward, sideways] = [d.filter((_, i) => i % 2 === 0), d.filter((_, i) => i % 2 === 1)];
  expect(dot(forward, sideways) / forward.length).toBeCloseTo(0, 1);
});

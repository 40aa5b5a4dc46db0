import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import {
  epistemicVariance,
  laneCost,
  offroadCost,
  proximityCost,
  uncertaintyCost,
  type CostInputs,
} from "../../src/policy/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import {
  laneReference,
  offroadReference,
  proximityReference,
  type EgoInPicture,
} from "../reference/costs.ts";
import { useWasm } from "../support/backend.ts";

useWasm();

const spec = pixelSpecs.laptop;
const rng = createRng("costs");
const pixelCount = spec.height * spec.width * 3;
const egos: EgoInPicture[] = Array.from({ length: 4 }, (_, n) => ({
  pixels: Float32Array.from({ length: pixelCount }, () => (rng.uniform() < 0.2 ? rng.uniform() : 0)),
  x: 3 * rng.normal(),
  y: rng.normal(),
  heading: 0.05 * rng.normal(),
  speed: [0, 5, 12, 28][n]!,
  length: [4.4, 5, 12, 2.2][n]!,
  width: [1.9, 2, 2.5, 0.8][n]!,
}));

function inputsOf(list: readonly EgoInPicture[]): CostInputs {
  const column = (of: (ego: EgoInPicture) => number): Float32Array => Float32Array.from(list, of);
  const pixels = tf.tensor4d(
    list.flatMap((ego) => Array.from(ego.pixels)),
    [list.length, spec.height, spec.width, 3],
  );
  return {
    pixels,
    values: pixels.dataSync() as Float32Array,
    pose: tf.tensor2d(list.map(({ x, y, heading }) => [x, y, heading])),
    speed: column((ego) => ego.speed),
    length: column((ego) => ego.length),
    width: column((ego) => ego.width),
  };
}

const costs = {
  proximity: { of: proximityCost, reference: proximityReference },
  lane: { of: laneCost, reference: laneReference },
  offroad: { of: offroadCost, reference: offroadReference },
};

/** What `of` gives for one more thing, and its gradient with respect to that. */
const gradientBy = (x: tf.Tensor, of: (x: tf.Tensor) => tf.Tensor): Float32Array =>
  tf.tidy(() =>
    tf
      .grad((at: tf.Tensor) => tf.sum(of(at)))(x)
      .dataSync(),
  ) as Float32Array;

describe.each(Object.entries(costs))("the %s cost", (_name, { of, reference }) => {
  test("equals its slow twin", () => {
    const values = tf.tidy(() => of(spec, inputsOf(egos)).dataSync());
    egos.forEach((ego, n) => expect(values[n]! / reference(spec, ego)).toBeCloseTo(1, 4));
  });

  test("is zero on an empty picture", () => {
    const empty = egos.map((ego) => ({ ...ego, pixels: new Float32Array(pixelCount) }));
    const values = tf.tidy(() => of(spec, inputsOf(empty)).dataSync());
    values.forEach((value) => expect(value).toBe(0));
  });

  test("has the gradient of its slow twin by the pose", () => {
    const inputs = inputsOf(egos);
    const gradient = gradientBy(inputs.pose!, (pose) => of(spec, { ...inputs, pose: pose as tf.Tensor2D }));
    egos.forEach((ego, n) =>
      (["x", "y", "heading"] as const).forEach((name, column) => {
        const [small, tolerance] = [1e-6, 1e-3 + 0.01 * Math.abs(gradient[3 * n + column]!)];
        const change = (by: number): number => weighted({ ...ego, [name]: ego[name] + by });
        const slope = (change(small) - change(-small)) / (2 * small);
        expect(Math.abs(gradient[3 * n + column]! - slope)).toBeLessThan(tolerance);
      }),
    );
    // The sum of the weights counts as a constant: what moves is the weighted sum.
    function weighted(ego: EgoInPicture): number {
      const at = egos.find(({ pixels }) => pixels === ego.pixels)!;
      return reference(spec, ego, at);
    }
  });

  test("has the gradient of its slow twin by the pixels where the ego is in the center", () => {
    const centered = { ...egos[1]!, x: 0, y: 0, heading: 0 };
    const inputs = { ...inputsOf([centered]), pose: null };
    const gradient = gradientBy(inputs.pixels, (pixels) =>
      of(spec, { ...inputs, pixels: pixels as tf.Tensor4D, values: pixels.dataSync() as Float32Array }),
    );
    const whole = reference(spec, centered);
    for (let p = 0; p < pixelCount; p += 97) {
      const brighter = Float32Array.from(centered.pixels);
      brighter[p] = brighter[p]! + 1;
      expect(gradient[p]).toBeCloseTo(reference(spec, { ...centered, pixels: brighter }) - whole, 4);
    }
  });
});

describe("the proximity cost", () => {
  const carAt = (metersAhead: number): EgoInPicture => {
    const pixels = new Float32Array(pixelCount);
    const row = spec.height / 2 - Math.round(metersAhead / spec.metersPerRow);
    for (let i = row - 2; i < row + 2; i++) {
      for (let j = 7; j < 9; j++) pixels[(i * spec.width + j) * 3 + 1] = 1;
    }
    return { pixels, x: 0, y: 0, heading: 0, speed: 10, length: 4.5, width: 1.9 };
  };

  test("rises as the car ahead comes closer, and pushes back from it", () => {
    const values = tf.tidy(() => proximityCost(spec, inputsOf([25, 18, 12, 8].map(carAt))).dataSync());
    for (let n = 1; n < 4; n++) expect(values[n]!).toBeGreaterThan(values[n - 1]!);
    const inputs = inputsOf([carAt(12)]);
    const [slope] = gradientBy(inputs.pose!, (pose) =>
      proximityCost(spec, { ...inputs, pose: pose as tf.Tensor2D }),
    );
    expect(slope).toBeGreaterThan(0);
  });

  test("gives no gradient to speed: going slower must not be a way to look safer", () => {
    // Speed enters as a constant; the objective detaches it (objective.ts), so nothing may divide by it here.
    const standing = { ...carAt(12), speed: 0 };
    const value = tf.tidy(() => proximityCost(spec, inputsOf([standing])).dataSync()[0]!);
    expect(Number.isFinite(value)).toBe(true);
  });
});

describe("uncertainty", () => {
  test("variance over replicas is the unbiased one, and zero when all replicas agree", () => {
    const [spread, none] = tf.tidy(() => {
      const of = (values: number[]) =>
        epistemicVariance(values.map((v) => tf.tensor2d([[v]]))).dataSync()[0]!;
      return [of([1, 2, 6]), of([2, 2, 2])];
    });
    expect(spread).toBeCloseTo(7, 5);
    expect(none).toBe(0);
  });

  test("costs nothing below the hinge and one per deviation above it", () => {
    const values = tf.tidy(() =>
      uncertaintyCost(tf.tensor2d([[1], [5]]), { mean: [1, 1], deviation: [2, 1] }, 0.5).dataSync(),
    );
    expect(Array.from(values)).toEqual([0, 3.5]);
  });
});

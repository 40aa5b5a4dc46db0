import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import {
  closeProximityCost,
  epistemicVariance,
  humanCost,
  laneCost,
  offroadCost,
  maxProximityCost,
  progressCost,
  proximityCost,
  softMaxProximityCost,
  uncertaintyCost,
  worldCosts,
  type CostInputs,
} from "../../src/policy/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import {
  closeProximityReference,
  humanReference,
  laneReference,
  maxProximityReference,
  offroadReference,
  progressReference,
  proximityReference,
  softMaxProximityReference,
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
  "close proximity": { of: closeProximityCost, reference: closeProximityReference },
  "largest proximity": { of: maxProximityCost, reference: maxProximityReference },
  "softly largest proximity": { of: softMaxProximityCost, reference: softMaxProximityReference },
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
    const small = 1e-6;
    const withPixel = (p: number, by: number): number =>
      reference(spec, {
        ...centered,
        pixels: Float64Array.from(centered.pixels, (g, q) => g + (q === p ? by : 0)),
      });
    for (let p = 1; p < pixelCount; p += 29) {
      const slope = (withPixel(p, small) - withPixel(p, -small)) / (2 * small);
      expect(gradient[p]).toBeCloseTo(slope, 4);
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

  test("is finite for one who stands", () => {
    const standing = { ...carAt(12), speed: 0 };
    const value = tf.tidy(() => proximityCost(spec, inputsOf([standing])).dataSync()[0]!);
    expect(Number.isFinite(value)).toBe(true);
  });
});

describe.each(["summed", "close", "max", "log-sum-exp"] as const)("the %s form of proximity", (form) => {
  const column = (name: "length" | "width"): Float32Array => Float32Array.from(egos, (ego) => ego[name]);
  const sizes = { length: column("length"), width: column("width") };
  /** As an imagined step: who drives how fast in the center of which picture. */
  const proximityOf = (states: tf.Tensor2D, pixels: tf.Tensor4D): tf.Tensor =>
    worldCosts(spec, sizes, [{ state: states, scene: { pixels, pose: null } }], form).proximity;
  const states = (): tf.Tensor2D => tf.tensor2d(egos.map(({ speed }) => [0, 0, 0, speed]));

  test("gives no gradient to speed: going slower must not be a way to look safer", () => {
    const { pixels } = inputsOf(egos);
    // A graph without the state in it is one that tensors refuse to differentiate: zero times it joins them.
    const slope = gradientBy(states(), (state) =>
      tf.add(proximityOf(state as tf.Tensor2D, pixels), tf.mul(tf.sum(state), 0)),
    );
    expect(slope.every((value) => value === 0)).toBe(true);
  });

  test("pulls at pixels: all within its mask, or the nearest alone", () => {
    const gradient = gradientBy(inputsOf(egos).pixels, (x) => proximityOf(states(), x as tf.Tensor4D));
    const pulled = egos.map(
      (_, n) => gradient.slice(n * pixelCount, (n + 1) * pixelCount).filter((value) => value !== 0).length,
    );
    if (form === "max") pulled.forEach((count) => expect(count).toBe(1));
    else pulled.forEach((count) => expect(count).toBeGreaterThan(5));
  });
});

describe("the progress cost", () => {
  test("equals its slow twin, and only the slow pay", () => {
    const speeds = [0, 5, 12, 25, 30];
    const values = tf.tidy(() => progressCost(tf.tensor1d(speeds), 25).dataSync());
    speeds.forEach((speed, n) => expect(values[n]!).toBeCloseTo(progressReference(speed, 25), 6));
  });

  test("asks for more speed", () => {
    const slopes = tf.tidy(() =>
      tf
        .grad((speed) => tf.sum(progressCost(speed, 25)))(tf.tensor1d([10, 30]))
        .dataSync(),
    );
    expect(slopes[0]!).toBeCloseTo((-2 * (1 - 10 / 25)) / 25, 6);
    expect(slopes[1]!).toBeCloseTo(0, 12);
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
      uncertaintyCost(
        { cost: tf.tensor2d([[1], [5]]) },
        { cost: { mean: [1, 1], deviation: [2, 1] } },
        0.5,
      ).dataSync(),
    );
    expect(Array.from(values)).toEqual([0, 3.5]);
  });

  test("adds up over variances, each in deviations of its own, and refuses one that was not measured", () => {
    const variances = { image: tf.tensor2d([[3]]), cost: tf.tensor2d([[40]]) };
    const usual = { image: { mean: [1], deviation: [0.5] }, cost: { mean: [10], deviation: [20] } };
    const values = tf.tidy(() => uncertaintyCost(variances, usual, 0.5).dataSync());
    expect(Array.from(values)).toEqual([3.5 + 1]);
    expect(() => tf.tidy(() => uncertaintyCost(variances, { cost: usual.cost }, 0.5))).toThrow("image");
  });
});

describe("human", () => {
  const states = [
    [0, 0, 0, 10, 3, -0.2, 0.01, 9],
    [40, 4, 0.1, 2, 5, 0.1, 0, 12],
  ];
  const humans = [
    [0, 0, 0, 10, 1, 0, 0, 10],
    [10, 0, 0, 12, 5, 0.1, 0, 12],
  ];
  const costOf = (values: readonly tf.Tensor2D[]): tf.Tensor2D =>
    humanCost(
      values,
      humans.map((human) => Float32Array.from(human)),
    );

  test("equals its slow twin, step by step and ego by ego, and is zero where the human is", () => {
    const costs = tf.tidy(() => costOf(states.map((state) => tf.tensor2d(state, [2, 4]))).dataSync());
    states.forEach((state, t) =>
      [0, 1].forEach((ego) => {
        const part = (all: readonly number[]): number[] => all.slice(4 * ego, 4 * ego + 4);
        expect(costs[2 * t + ego]!).toBeCloseTo(humanReference(part(state), part(humans[t]!)), 5);
      }),
    );
    expect(costs[0]).toBe(0);
    expect(costs[3]).toBe(0);
  });

  test("draws an ego back, however far it is, and never harder than by one unit", () => {
    const slopes = tf.tidy(() =>
      tf
        .grad((x) => tf.sum(costOf([tf.tensor2d(states[0]!, [2, 4]), x as tf.Tensor2D])))(
          tf.tensor2d(states[1]!, [2, 4]),
        )
        .dataSync(),
    );
    [4, 0.5, 0.02, 1].forEach((unit, column) => {
      const pull = slopes[column]! * unit * 4;
      expect(Math.sign(pull)).toBe(Math.sign(states[1]![column]! - humans[1]![column]!));
      expect(Math.abs(pull)).toBeGreaterThan(0.9);
      expect(Math.abs(pull)).toBeLessThanOrEqual(1);
    });
  });
});

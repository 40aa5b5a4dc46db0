import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createMass, type Mass } from "../../src/forward-model/mass.ts";
import { averageOverMass, dropMass, sampleAtMass } from "../../src/forward-model/moving-mass.ts";
import { useWasm } from "../support/backend.ts";

useWasm();

const H = 6;
const W = 5;
const rng = createRng("moving mass");
const mass = Float32Array.from({ length: 2 * H * W }, () => (rng.uniform() < 0.4 ? rng.uniform() : 0));
const displacement = Float32Array.from({ length: 4 * H * W }, () => 1.5 * rng.normal());
const weights = Float32Array.from({ length: 2 * H * W }, () => rng.normal());

const massOf = (m: Float32Array): Mass => createMass(m, [2, H, W], { pixels: "laptop" });
const dropped = (m: Float32Array, d: Float32Array): Float32Array =>
  tf.tidy(() => dropMass(massOf(m), tf.tensor4d(d, [2, H, W, 2])).dataSync() as Float32Array);

/** Gradient of Σ f at a field [2, H, W, 2]. */
const gradientOf = (f: (field: tf.Tensor4D) => tf.Tensor, at: Float32Array): Float32Array =>
  tf.tidy(
    () =>
      tf
        .grad((field) => tf.sum(f(field as tf.Tensor4D)))(tf.tensor4d(at, [2, H, W, 2]))
        .dataSync() as Float32Array,
  );

/** Means over the mass of 5 × 3 pixels around each pixel with mass. */
function averagedSlowly(field: Float32Array): Float32Array {
  return field.map((_, at) => {
    const p = at >> 1;
    const [b, i, j] = [Math.floor(p / (H * W)), Math.floor(p / W) % H, p % W];
    let [total, sum] = [0, 0];
    for (let k = Math.max(0, i - 2); k <= Math.min(H - 1, i + 2); k++) {
      for (let l = Math.max(0, j - 1); l <= Math.min(W - 1, j + 1); l++) {
        const q = (b * H + k) * W + l;
        total += mass[q]!;
        sum += mass[q]! * field[2 * q + (at % 2)]!;
      }
    }
    return mass[p] === 0 ? 0 : sum / total;
  });
}

describe("moving mass", () => {
  test("that does not move gives the same picture", () => {
    dropped(mass, new Float32Array(4 * H * W)).forEach((value, p) => expect(value).toBeCloseTo(mass[p]!, 6));
  });

  test("is neither made nor lost within the grid", () => {
    const inside = new Float32Array(2 * H * W);
    for (const p of [7, 8, 12, 13, 37, 38]) inside[p] = rng.uniform();
    const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
    const small = displacement.map((value) => Math.max(-0.9, Math.min(0.9, value)));
    expect(sum(dropped(inside, small))).toBeCloseTo(sum(inside), 5);
  });

  test("that leaves the grid is gone", () => {
    const away = new Float32Array(4 * H * W).fill(-20);
    expect(dropped(mass, away).every((value) => value === 0)).toBe(true);
  });

  test("lands where it would alone, however much else there is", () => {
    const copies = 200;
    const all = Float32Array.from({ length: copies * 4 * H * W }, () => 1.5 * rng.normal());
    const masses = Float32Array.from({ length: copies * 2 * H * W }, (_, p) => mass[p % mass.length]!);
    const together = tf.tidy(() => {
      const shape = [2 * copies, H, W] as const;
      const many = createMass(masses, shape, { pixels: "laptop" });
      return dropMass(many, tf.tensor4d(all, [...shape, 2])).dataSync() as Float32Array;
    });
    for (let copy = 0; copy < copies; copy++) {
      const part = all.subarray(copy * 4 * H * W, (copy + 1) * 4 * H * W);
      const own = together.subarray(copy * mass.length, (copy + 1) * mass.length);
      expect(own).toEqual(dropped(mass, part));
    }
  });

  test("has the gradient that finite differences give", () => {
    const gradient = gradientOf(
      (d) => tf.mul(dropMass(massOf(mass), d), tf.tensor3d(weights, [2, H, W])),
      displacement,
    );
    const value = (d: Float32Array): number =>
      dropped(mass, d).reduce((sum, v, i) => sum + v * weights[i]!, 0);
    const { top, left, height, width } = massOf(mass).boxes();
    const h = 1e-2;
    // Piecewise bilinear: skip the places at which a difference would bring an edge into the next pixel.
    const near = (edge: number): boolean => Math.abs(edge - Math.round(edge)) < 2 * h;
    let checked = 0;
    displacement.forEach((at, i) => {
      const [from, size] = i % 2 === 0 ? [top, height] : [left, width];
      const edge = from[i >> 1]! + at;
      if (near(edge) || near(edge + size[i >> 1]!)) return;
      const shifted = (by: number): number => value(displacement.map((v, j) => (j === i ? v + by : v)));
      expect(gradient[i]).toBeCloseTo((shifted(h) - shifted(-h)) / (2 * h), 2);
      checked++;
    });
    expect(checked).toBeGreaterThan(H * W);
  });

  test("by half a row is shared between two rows", () => {
    const one = new Float32Array(2 * H * W);
    one[12] = 1;
    const half = new Float32Array(4 * H * W);
    half[24] = 0.5;
    const out = dropped(one, half);
    expect(out[12]).toBeCloseTo(0.5, 6);
    expect(out[12 + W]).toBeCloseTo(0.5, 6);
  });

  test("averages a field over the mass around it, and gives the field its gradient back", () => {
    const field = Float32Array.from({ length: 4 * H * W }, () => rng.normal());
    const averaged = (f: tf.Tensor4D): tf.Tensor4D => averageOverMass(massOf(mass), f);
    const out = tf.tidy(() => averaged(tf.tensor4d(field, [2, H, W, 2])).dataSync() as Float32Array);
    const twin = averagedSlowly(averagedSlowly(field));
    out.forEach((value, i) => expect(value).toBeCloseTo(twin[i]!, 5));
    // Linear in the field: ⟨weights, A field⟩ = ⟨Aᵀ weights, field⟩.
    const other = Float32Array.from({ length: 4 * H * W }, () => rng.normal());
    const gradient = gradientOf((f) => tf.mul(averaged(f), tf.tensor4d(other, [2, H, W, 2])), field);
    const inner = (a: Float32Array, c: Float32Array): number => a.reduce((s, v, i) => s + v * c[i]!, 0);
    expect(inner(gradient, field)).toBeCloseTo(inner(other, out), 3);
  });

  test("reads a field where it has come to, and gives the field its gradient back", () => {
    const field = Float32Array.from({ length: 4 * H * W }, () => rng.normal());
    const sampled = (f: tf.Tensor4D): tf.Tensor4D =>
      sampleAtMass(massOf(mass), tf.tensor4d(displacement, [2, H, W, 2]), f);
    const out = tf.tidy(() => sampled(tf.tensor4d(field, [2, H, W, 2])).dataSync() as Float32Array);
    // Bilinear reading is exact for a plane: its value at the place to which the mass has come.
    const plane = Float32Array.from({ length: field.length }, (_, i) => {
      const p = i >> 1;
      return 0.5 + 2 * (Math.floor(p / W) % H) - 3 * (p % W);
    });
    const read = tf.tidy(() => sampled(tf.tensor4d(plane, [2, H, W, 2])).dataSync());
    let compared = 0;
    mass.forEach((value, p) => {
      const [row, column] = [
        (Math.floor(p / W) % H) + displacement[2 * p]!,
        (p % W) + displacement[2 * p + 1]!,
      ];
      if (value === 0 || row < 0 || row > H - 1 || column < 0 || column > W - 1) return;
      expect(read[2 * p]).toBeCloseTo(0.5 + 2 * row - 3 * column, 4);
      compared++;
    });
    expect(compared).toBeGreaterThan(8);
    // It is linear in the field, so the gradient of its sum is the response to ones, pixel by pixel.
    const gradient = gradientOf(sampled, field);
    const total = out.reduce((sum, v) => sum + v, 0);
    expect(gradient.reduce((sum, g, i) => sum + g * field[i]!, 0)).toBeCloseTo(total, 3);
    mass.forEach((value, p) => {
      if (value === 0) expect(out[2 * p]).toBe(0);
    });
  });
});

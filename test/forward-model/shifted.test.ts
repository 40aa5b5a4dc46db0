import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { shifted } from "../../src/forward-model/shifted.ts";
import { useWasm } from "../support/backend.ts";

useWasm();

const [B, H, W, C] = [2, 6, 5, 2] as const;
const rng = createRng("shifted");
const pixels = Float32Array.from({ length: B * H * W * C }, () => rng.uniform());
const shift = Float32Array.from({ length: B * H * W * 2 }, () => 1.3 * rng.normal());
const weights = Float32Array.from({ length: pixels.length }, () => rng.normal());

const read = (by: Float32Array): Float32Array =>
  tf.tidy(
    () =>
      shifted(tf.tensor4d(pixels, [B, H, W, C]), tf.tensor4d(by, [B, H, W, 2])).dataSync() as Float32Array,
  );
const at = (b: number, i: number, j: number, k: number): number => pixels[((b * H + i) * W + j) * C + k]!;

describe("a picture read elsewhere", () => {
  test("is itself where nothing shifts", () => {
    expect(read(new Float32Array(shift.length))).toEqual(pixels);
  });

  test("by a row and half a column takes the mean of two pixels of the next row, and repeats the border", () => {
    const out = read(shift.map((_, i) => (i % 2 === 0 ? 1 : 0.5)));
    const value = (b: number, i: number, j: number, k: number): number => out[((b * H + i) * W + j) * C + k]!;
    expect(value(1, 2, 3, 1)).toBeCloseTo((at(1, 3, 3, 1) + at(1, 3, 4, 1)) / 2, 6);
    expect(value(0, H - 1, 0, 0)).toBeCloseTo((at(0, H - 1, 0, 0) + at(0, H - 1, 1, 0)) / 2, 6);
    expect(value(0, 1, W - 1, 1)).toBeCloseTo(at(0, 2, W - 1, 1), 6);
  });

  test("has the gradient that finite differences give", () => {
    const gradient = tf.tidy(
      () =>
        tf
          .grad((by) =>
            tf.sum(
              tf.mul(
                shifted(tf.tensor4d(pixels, [B, H, W, C]), by as tf.Tensor4D),
                tf.tensor4d(weights, [B, H, W, C]),
              ),
            ),
          )(tf.tensor4d(shift, [B, H, W, 2]))
          .dataSync() as Float32Array,
    );
    const value = (by: Float32Array): number => read(by).reduce((sum, v, i) => sum + v * weights[i]!, 0);
    // Piecewise bilinear: skip the places at which a difference would cross into the next pixel.
    const h = 1e-2;
    let compared = 0;
    shift.forEach((by, i) => {
      const fraction = by - Math.floor(by);
      if (fraction < 2 * h || fraction > 1 - 2 * h) return;
      const moved = (more: number): number => value(shift.map((v, j) => (j === i ? v + more : v)));
      expect(gradient[i]).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 2);
      compared++;
    });
    expect(compared).toBeGreaterThan(80);
  });
});

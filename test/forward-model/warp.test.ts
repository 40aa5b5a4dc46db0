import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { relativePose, warp, warpView } from "../../src/forward-model/index.ts";
import { useWasm } from "../support/backend.ts";

useWasm();

const spec = { height: 9, width: 7, metersPerRow: 1.2, metersPerColumn: 0.8 };
const rng = createRng("warp");
// Smooth, because bilinear reading has kinks at every pixel that a difference may cross.
const pixels = Float32Array.from({ length: 2 * 9 * 7 * 3 }, (_, i) => {
  const [row, column] = [Math.floor(i / 21) % 9, Math.floor(i / 3) % 7];
  return 0.5 + 0.4 * Math.sin(0.5 * row + (i % 3)) * Math.cos(0.4 * column);
});
const poses = [0.31, -0.2, 0.04, -0.9, 0.55, -0.07];
const warped = (values: Float32Array, pose: readonly number[]): Float32Array =>
  tf.tidy(
    () =>
      warp(
        tf.tensor4d(values, [2, 9, 7, 3]),
        tf.tensor2d([...pose], [2, 3]),
        spec,
      ).dataSync() as Float32Array,
  );

describe("a warp", () => {
  test("to the same pose changes nothing, and otherwise does what a policy's view does", () => {
    warped(pixels, [0, 0, 0, 0, 0, 0]).forEach((value, i) => expect(value).toBeCloseTo(pixels[i]!, 5));
    const out = warped(pixels, poses);
    const view = new Float32Array(pixels.length);
    const size = pixels.length / 2;
    warpView(pixels, 0, spec, poses[0]!, poses[1]!, poses[2]!, view, 0);
    warpView(pixels, size, spec, poses[3]!, poses[4]!, poses[5]!, view, size);
    out.forEach((value, i) => expect(value).toBeCloseTo(view[i]!, 5));
  });

  test("has the gradient by poses that finite differences give", () => {
    const weights = Float32Array.from({ length: pixels.length }, () => rng.normal());
    const byPose = tf.tidy(() => {
      const source = tf.tensor4d(pixels, [2, 9, 7, 3]);
      const weigh = tf.tensor4d(weights, [2, 9, 7, 3]);
      const weighed = (q: tf.Tensor) => tf.sum(tf.mul(warp(source, q as tf.Tensor2D, spec), weigh));
      return tf
        .grad(weighed)(tf.tensor2d(poses, [2, 3]))
        .dataSync();
    });
    const value = (q: readonly number[]): number =>
      warped(pixels, q).reduce((sum, v, i) => sum + v * weights[i]!, 0);
    const h = 5e-4;
    poses.forEach((_, i) => {
      const at = (by: number): number => value(poses.map((v, j) => (i === j ? v + by : v)));
      const slope = (at(h) - at(-h)) / (2 * h);
      expect(Math.abs(byPose[i]! - slope)).toBeLessThan(0.03 * Math.abs(slope) + 0.05);
    });
  });

  test("a relative pose says where one car is, seen from another", () => {
    const from = tf.tensor2d([[1, 2, Math.PI / 2, 7]]);
    const to = tf.tensor2d([[0, 5, Math.PI, 9]]);
    const [ahead, left, turn] = tf.tidy(() => relativePose(from, to).dataSync());
    expect(ahead).toBeCloseTo(3, 5);
    expect(left).toBeCloseTo(1, 5);
    expect(turn).toBeCloseTo(Math.PI / 2, 5);
  });
});

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { moveEgo } from "../../src/forward-model/index.ts";
import { advance } from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";

useWasm();

const rng = createRng("ego motion");
const state = [0, 0.4, 0.03, 9.1, -2, 1, -0.2, 0.1, 30, -3, 0.1, 25];
const action = [1.2, 0.01, -3, -0.02, -0.5, 0.002];

describe("moveEgo", () => {
  test("moves an imagined ego exactly as the simulator moves a real one", () => {
    const moved = tf.tidy(() =>
      moveEgo(tf.tensor2d(state, [3, 4]), tf.tensor2d(action, [3, 2]), 2).arraySync(),
    );
    moved.forEach((row, b) => {
      const [x, y, heading, speed] = state.slice(4 * b) as [number, number, number, number];
      const simulated = { x, y, heading, speed };
      for (let k = 0; k < 2; k++) {
        advance(simulated, { acceleration: action[2 * b]!, steering: action[2 * b + 1]! }, 0.1);
      }
      [simulated.x, simulated.y, simulated.heading, simulated.speed].forEach((value, i) =>
        expect(row[i]).toBeCloseTo(value, 5),
      );
    });
  });

  test("has the gradient that finite differences give, and none through the speed of a car that stops", () => {
    const weights = Array.from({ length: 12 }, () => rng.normal());
    // In double precision, through the simulator.
    const objective = (s: readonly number[], a: readonly number[]): number => {
      let sum = 0;
      for (let b = 0; b < 3; b++) {
        const [x, y, heading, speed] = s.slice(4 * b) as [number, number, number, number];
        const moved = { x, y, heading, speed };
        for (let k = 0; k < 2; k++) advance(moved, { acceleration: a[2 * b]!, steering: a[2 * b + 1]! }, 0.1);
        [moved.x, moved.y, moved.heading, moved.speed].forEach((v, i) => (sum += v * weights[4 * b + i]!));
      }
      return sum;
    };
    const [dState, dAction] = tf.tidy(() => {
      const f = (s: tf.Tensor, a: tf.Tensor): tf.Scalar =>
        tf.sum(tf.mul(moveEgo(s as tf.Tensor2D, a as tf.Tensor2D, 2), tf.tensor2d(weights, [3, 4])));
      return tf
        .grads(f)([tf.tensor2d(state, [3, 4]), tf.tensor2d(action, [3, 2])])
        .map((g) => g.dataSync());
    });
    const check = (values: number[], gradient: ArrayLike<number>, of: (v: number[]) => number): void =>
      values.forEach((value, i) => {
        const h = 1e-5;
        const at = (shift: number): number => of(values.map((v, j) => (j === i ? value + shift : v)));
        expect(gradient[i]).toBeCloseTo((at(h) - at(-h)) / (2 * h), 3);
      });
    check(state, dState!, (s) => objective(s, action));
    check(action, dAction!, (a) => objective(state, a));
  });
});

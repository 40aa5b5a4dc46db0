import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { initializeBackend, numbersOf } from "../../src/tensor/index.ts";

test("numbers leave, tensors are freed, and a failure frees them too", async () => {
  await initializeBackend("wasm");
  const before = tf.memory().numTensors;
  expect([...numbersOf(() => tf.add(tf.ones([3]), 1).dataSync())]).toEqual([2, 2, 2]);
  expect(() =>
    numbersOf(() => {
      tf.ones([3]);
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(tf.memory().numTensors).toBe(before);
});

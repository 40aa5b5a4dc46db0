import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { InputError, createRng } from "../../src/core/index.ts";
import { axes, drawKeepMask, dropout, initializeBackend } from "../../src/tensor/index.ts";

test("auto takes wasm, and a backend that is not there is refused in one sentence", async () => {
  expect(await initializeBackend("auto")).toBe("wasm");
  expect(await initializeBackend("wasm")).toBe("wasm");
  await expect(initializeBackend("webgpu")).rejects.toThrow(InputError);
  await expect(initializeBackend("webgpu")).rejects.toThrow("got webgpu, which does not start.");
  expect(tf.getBackend()).toBe("wasm");
});

test("axes are read by name and checked by length", () => {
  const x = { shape: [2, 5, 64, 16, 4] };
  const { B, T } = axes(x, ["B", "T", 64, 16, 4]);
  expect([B, T]).toEqual([2, 5]);
  expect(() => axes(x, ["B", 64, 16, 4])).toThrow("expected [B, 64, 16, 4], got [2, 5, 64, 16, 4]");
  expect(() => axes(x, ["B", "T", 64, 15, 4])).toThrow("expected [B, T, 64, 15, 4]");
  expect(() => axes({ shape: [3, 4] }, ["N", "N"])).toThrow("expected [N, N], got [3, 4]");
});

test("a keep-mask keeps the mean and drops at its rate", () => {
  const mask = drawKeepMask(createRng(1), [100, 1, 1, 100], 0.2);
  const kept = mask.filter((value) => value !== 0);
  expect(kept.length / mask.length).toBeCloseTo(0.8, 1);
  expect(kept.every((value) => value === Math.fround(1 / 0.8))).toBe(true);
  expect(drawKeepMask(createRng(1), [100, 1, 1, 100], 0.2)).toEqual(mask);
});

test("dropout multiplies by the mask it is given, and does nothing without one", () => {
  const x = tf.ones<tf.Rank.R4>([2, 2, 1, 2]);
  const mask = tf.tensor4d([0, 2, 2, 0], [2, 1, 1, 2]);
  expect([...dropout(x, mask).dataSync()]).toEqual([0, 2, 0, 2, 2, 0, 2, 0]);
  expect(dropout(x, null)).toBe(x);
});

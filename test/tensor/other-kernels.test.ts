import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { depthToSpace, initializeBackend, leakyRelu, spaceToDepth } from "../../src/tensor/index.ts";
import { normals, onBothBackends, withGradients, worstDifference } from "./on-backend.ts";

beforeAll(() => initializeBackend("wasm"));

describe("matrix products on wasm", () => {
  const transposed = [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const;
  test.each(transposed)("agree with the cpu backend, transposed %s and %s", async (left, right) => {
    for (const [batch, m, k, n] of [
      [[], 16, 64, 24],
      [[], 5, 7, 3],
      [[], 1, 1, 1],
      [[], 5, 70, 12],
      [[3], 6, 9, 13],
    ] as [number[], number, number, number][]) {
      const { wasm, cpu } = await onBothBackends(() =>
        withGradients(
          (a, b) => tf.matMul(a, b, left, right),
          normals("a", ...batch, ...(left ? [k, m] : [m, k])),
          normals("b", ...batch, ...(right ? [n, k] : [k, n])),
        ),
      );
      expect(worstDifference(wasm, cpu), JSON.stringify({ batch, m, k, n })).toBeLessThan(1e-5);
    }
  });

  test("whole numbers, which wasm cannot multiply, are refused instead of read as others", () => {
    const whole = tf.tensor2d(
      [
        [1, 2],
        [3, 4],
      ],
      [2, 2],
      "int32",
    );
    expect(() => tf.matMul(whole, whole)).toThrow("non-float32");
  });

  test("agree with the cpu backend when one matrix serves a whole batch", async () => {
    const { wasm, cpu } = await onBothBackends(() => [
      tf.matMul(normals("a", 4, 3, 5), normals("b", 1, 5, 6)),
    ]);
    expect(worstDifference(wasm, cpu)).toBeLessThan(1e-5);
  });
});

describe("moving numbers on wasm", () => {
  const exactly = async (f: () => tf.Tensor[]) => {
    const { wasm, cpu } = await onBothBackends(f);
    expect(wasm).toEqual(cpu);
  };

  test("concatenation and its gradient are exact along every axis", async () => {
    for (const axis of [0, 1, 2, 3]) {
      const shape = (length: number) => [2, 3, 4, 5].with(axis, length);
      await exactly(() =>
        withGradients(
          (...parts) => tf.concat(parts, axis),
          normals("a", ...shape(1)),
          normals("b", ...shape(7)),
          normals("c", ...shape(3)),
        ),
      );
    }
  });

  test("stacks and their gradient are exact along every axis", async () => {
    for (const axis of [0, 1, 2, 3]) {
      await exactly(() =>
        withGradients(
          (...parts) => tf.stack(parts, axis),
          normals("a", 3, 4, 5),
          normals("b", 3, 4, 5),
          normals("c", 3, 4, 5),
        ),
      );
    }
    await exactly(() => [tf.stack([normals("a", 2, 3), normals("b", 2, 3)], -1)]);
  });

  test("slices, paddings and splits are exact, with their gradients", async () => {
    const rng = createRng("movements");
    for (let i = 0; i < 40; i++) {
      const shape = Array.from({ length: 1 + rng.integer(5) }, () => 1 + rng.integer(6));
      const begin = shape.map((length) => rng.integer(length));
      const size = shape.map((length, axis) => 1 + rng.integer(length - begin[axis]));
      const paddings = shape.map((): [number, number] => [rng.integer(3), rng.integer(3)]);
      const x = () => normals(`x${i}`, ...shape);
      await exactly(() => withGradients((a) => tf.slice(a, begin, size), x()));
      await exactly(() => withGradients((a) => tf.pad(a, paddings), x()));
      await exactly(() => tf.split(x(), shape[0], 0));
    }
  });

  test("whole numbers and truth values are moved as well", async () => {
    await exactly(() => [
      tf.concat([tf.tensor1d([1, 2], "int32"), tf.tensor1d([3], "int32")]),
      tf.slice(tf.tensor1d([true, false, true], "bool"), 1, 2),
    ]);
  });
});

describe("space and depth", () => {
  test("agree with the cpu backend, with their gradients, and undo each other", async () => {
    const { wasm, cpu } = await onBothBackends(() => [
      ...withGradients((x) => spaceToDepth(x as tf.Tensor4D, 2), normals("x", 2, 6, 4, 3)),
      ...withGradients((x) => depthToSpace(x as tf.Tensor4D, 3), normals("y", 2, 2, 5, 18)),
    ]);
    expect(wasm).toEqual(cpu);
    const x = normals("x", 2, 6, 4, 3) as tf.Tensor4D;
    expect(depthToSpace(spaceToDepth(x, 2), 2).dataSync()).toEqual(x.dataSync());
  });

  test("a square's pixels stand in reading order in its channels", () => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    expect([...spaceToDepth(x, 2).dataSync()]).toEqual([1, 2, 3, 4]);
    expect(() => spaceToDepth(x, 3)).toThrow("expected height and width in multiples of 3, got 2 and 2");
  });
});

test.each([0, 0.2, 1])("the leaky rectifier of slope %s agrees with the cpu backend", async (slope) => {
  const { wasm, cpu } = await onBothBackends(() =>
    withGradients((x) => leakyRelu(x, slope), normals("x", 3, 7)),
  );
  expect(worstDifference(wasm, cpu)).toBeLessThan(1e-6);
});

test("clamping and its gradient agree with the cpu backend, bounds included", async () => {
  const { wasm, cpu } = await onBothBackends(() => [
    ...withGradients((x) => tf.clipByValue(x, -0.5, 0.7), normals("x", 3, 7)),
    ...withGradients((x) => tf.clipByValue(x, 0, 1), tf.tensor1d([0, 1, -0.1, 1.1, 0.5])),
  ]);
  expect(wasm).toEqual(cpu);
});

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import {
  conv,
  dense,
  initializeBackend,
  transposedConv,
  type TransposedConvOptions,
} from "../../src/tensor/index.ts";
import { normals, onBothBackends, withGradients, worstDifference } from "./on-backend.ts";

type Pad =
  "same" | "valid" | number | [[number, number], [number, number], [number, number], [number, number]];
type Image = [number, number, number, number];

beforeAll(() => initializeBackend("wasm"));

const convolution = (x: Image, filter: Image, strides: number | [number, number], pad: Pad) => () =>
  withGradients(
    (a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad),
    normals("x", ...x),
    normals("filter", ...filter),
  );

const shapesInUse: [string, Image, Image, number, Pad][] = [
  ["the first layer", [2, 64, 16, 9], [4, 4, 9, 24], 2, "same"],
  ["a residual layer", [2, 16, 4, 64], [3, 3, 64, 64], 1, "same"],
  ["a mixing layer", [2, 16, 4, 96], [1, 1, 96, 64], 1, "same"],
  ["a layer on half the pixels", [2, 16, 4, 48], [2, 2, 48, 48], 1, "same"],
  ["the last layer", [2, 32, 8, 24], [3, 3, 24, 12], 1, "same"],
  ["a shrinking layer", [2, 16, 4, 64], [4, 4, 64, 64], 2, "same"],
  ["the paper's second layer", [1, 58, 12, 16], [4, 4, 16, 32], 2, 1],
  ["a layer wider than its image", [2, 14, 3, 16], [4, 4, 16, 24], 2, 1],
  ["a layer that meets nothing but zeros", [2, 7, 1, 8], [4, 1, 8, 12], 2, 1],
];

describe("convolution on wasm", () => {
  test.each(shapesInUse)(
    "%s and its gradients agree with the cpu backend",
    async (_, x, filter, strides, pad) => {
      const { wasm, cpu } = await onBothBackends(convolution(x, filter, strides, pad));
      expect(wasm).toHaveLength(3);
      expect(worstDifference(wasm, cpu)).toBeLessThan(1e-5);
    },
  );

  const rng = createRng("random convolutions");
  const cases = Array.from({ length: 60 }, () => {
    const between = (least: number, most: number) => least + rng.integer(most - least + 1);
    const filter: Image = [between(1, 5), between(1, 5), between(1, 11), between(1, 19)];
    const isNarrow = rng.uniform() < 0.4;
    const least = (size: number): number => (isNarrow ? 1 : size);
    const x: Image = [
      between(1, 3),
      between(least(filter[0]), 12),
      between(least(filter[1]), isNarrow ? 4 : 12),
      filter[2],
    ];
    const strides: [number, number] = [between(1, 3), between(1, 3)];
    // At least as many zeros as a narrow image lacks.
    const uneven = (axis: 0 | 1): [number, number] => {
      const lacks = Math.max(0, filter[axis] - x[axis + 1]!);
      return [rng.integer(filter[axis]), lacks + rng.integer(filter[axis] - lacks)];
    };
    const explicit: Pad = [[0, 0], uneven(0), uneven(1), [0, 0]];
    const pads: Pad[] = isNarrow ? ["same", explicit] : ["same", "valid", explicit];
    const pad = pads[rng.integer(pads.length)]!;
    return { x, filter, strides, pad, name: JSON.stringify({ x, filter, strides, pad }) };
  });
  test("any shape, stride and padding agrees with the cpu backend", async () => {
    for (const { x, filter, strides, pad, name } of cases) {
      const { wasm, cpu } = await onBothBackends(convolution(x, filter, strides, pad));
      expect(worstDifference(wasm, cpu), name).toBeLessThan(1e-5);
    }
  });

  test("a transposed convolution of the paper's kind agrees with the cpu backend", async () => {
    const { wasm, cpu } = await onBothBackends(() =>
      withGradients(
        (x, filter) => tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 13, 5, 7], 2, "same"),
        normals("x", 2, 7, 3, 12),
        normals("filter", 5, 5, 7, 12),
      ),
    );
    expect(worstDifference(wasm, cpu)).toBeLessThan(1e-5);
  });

  test.each([
    ["4×4 by 2", [2, 14, 3, 12], [4, 4, 7, 12], { size: [28, 6, 7], strides: 2, pad: 1, slope: 0.2 }],
    [
      "5×5 by 2, odd sizes",
      [2, 28, 6, 8],
      [5, 5, 6, 8],
      {
        size: [59, 13, 6],
        strides: 2,
        pad: [
          [0, 0],
          [0, 0],
          [1, 1],
          [0, 0],
        ],
        slope: 0.2,
      },
    ],
    [
      "2×2 by 2, cropped",
      [1, 59, 13, 8],
      [2, 2, 3, 8],
      {
        size: [118, 24, 3],
        strides: 2,
        pad: [
          [0, 0],
          [0, 0],
          [1, 1],
          [0, 0],
        ],
      },
    ],
    ["4×1 by 2", [2, 3, 2, 16], [4, 1, 8, 16], { size: [6, 1, 8], strides: 2, pad: 1, slope: 0 }],
    ["4×3 by 2, no padding", [2, 6, 1, 16], [4, 3, 8, 16], { size: [14, 3, 8], strides: 2, pad: 0 }],
  ] as [string, Image, Image, TransposedConvOptions][])(
    "the transposed layer %s and its gradients agree with the cpu backend",
    async (_, x, filter, options) => {
      const { wasm, cpu } = await onBothBackends(() =>
        withGradients(
          (a, b, c) => transposedConv(a as tf.Tensor4D, b, c, options),
          normals("x", ...x),
          normals("filter", ...filter),
          normals("bias", filter[2]),
        ),
      );
      expect(wasm).toHaveLength(4);
      expect(wasm[0]).toHaveLength(x[0] * options.size.reduce((all, length) => all * length, 1));
      expect(worstDifference(wasm, cpu)).toBeLessThan(1e-5);
    },
  );

  test("zeros given as a number surround a filter that is not square", () => {
    const shape = tf.tidy(
      () => conv(tf.ones([2, 7, 1, 8]), tf.ones([4, 1, 8, 8]), null, { strides: 2, pad: 1 }).shape,
    );
    expect(shape).toEqual([2, 3, 2, 8]);
    expect(() => conv(tf.ones([2, 7, 1, 8]), tf.ones([4, 1, 9, 8]), null)).toThrow("to have the channels of");
  });

  test("a dilated convolution, which is left to the backend, still agrees", async () => {
    const { wasm, cpu } = await onBothBackends(() => [
      tf.conv2d(
        normals("x", 1, 9, 8, 3) as tf.Tensor4D,
        normals("filter", 3, 3, 3, 4) as tf.Tensor4D,
        1,
        "same",
        "NHWC",
        2,
      ),
    ]);
    expect(worstDifference(wasm, cpu)).toBeLessThan(1e-5);
  });
});

describe("a layer in one operation", () => {
  test.each([1, 0.2, 0])("with slope %s agrees with its parts on the cpu backend", async (slope) => {
    for (const D of [3, 8, 13]) {
      const { wasm, cpu } = await onBothBackends(() =>
        withGradients(
          (x, filter, bias) => conv(x as tf.Tensor4D, filter, bias, { strides: 2, slope }),
          normals("x", 2, 9, 6, 5),
          normals("filter", 4, 3, 5, D),
          normals("bias", D),
        ),
      );
      expect(wasm).toHaveLength(4);
      expect(worstDifference(wasm, cpu)).toBeLessThan(1e-5);
    }
  });

  test("an affine map agrees with its parts on the cpu backend, with a bias and without", async () => {
    for (const bias of [[normals("bias", 10)], []]) {
      const { wasm, cpu } = await onBothBackends(() =>
        withGradients(
          (x, weights, b) => dense(x as tf.Tensor2D, weights, b ?? null, { slope: 0.1 }),
          normals("x", 7, 33),
          normals("weights", 33, 10),
          ...(bias.length === 0 ? [] : [normals("bias", 10)]),
        ),
      );
      expect(worstDifference(wasm, cpu)).toBeLessThan(1e-5);
    }
  });

  test("more pixels than there is room for tables of their places all get their own", () => {
    const pixels = 2100 * 1024;
    const worst = tf.tidy(() => {
      const x = tf.reshape(tf.range(0, pixels), [2100, 32, 32, 1]) as tf.Tensor4D;
      const twice = conv(x, tf.tensor4d([1, 2], [1, 1, 1, 2]), tf.zeros([2]));
      return tf.max(tf.abs(tf.sub(twice, tf.mul(x, [1, 2])))).dataSync()[0];
    });
    expect(worst).toBe(0);
  });

  test("a slope outside [0, 1] is refused", () => {
    const x = normals("x", 2, 3) as tf.Tensor2D;
    expect(() => dense(x, normals("w", 3, 2), null, { slope: 1.5 })).toThrow(
      "expected a slope in [0, 1], got 1.5",
    );
  });
});

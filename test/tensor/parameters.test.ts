import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import {
  conv,
  createParameters,
  dense,
  initializeBackend,
  transposedConv,
  valueAndGradient,
} from "../../src/tensor/index.ts";
import { worstDifference } from "./on-backend.ts";

beforeAll(() => initializeBackend("wasm"));

const specs = {
  filter: { shape: [3, 3, 2, 4], initialize: "he" },
  bias: { shape: [4], initialize: "zeros" },
  scale: { shape: [2], initialize: "ones" },
  unused: { shape: [5], initialize: 0.5 },
} as const;

describe("parameters", () => {
  test("are written and read in the order of their specs", () => {
    const parameters = createParameters(specs, createRng(1));
    expect(parameters.size).toBe(72 + 4 + 2 + 5);
    const flat = Float32Array.from({ length: parameters.size }, (_, i) => i);
    parameters.write(flat);
    expect(parameters.read()).toEqual(flat);
    expect([...parameters.variables.scale.dataSync()]).toEqual([76, 77]);
    expect(() => parameters.write(new Float32Array(3))).toThrow("expected 83 parameters, got 3");
    parameters.dispose();
  });

  test("start the same whatever else the model has", () => {
    const all = createParameters(specs, createRng(1));
    const some = createParameters({ filter: specs.filter }, createRng(1));
    expect(some.read()).toEqual(all.read().slice(0, 72));
    all.dispose();
    some.dispose();
  });

  test("start with the deviation of their kind", () => {
    const parameters = createParameters(
      {
        he: { shape: [50, 400], initialize: "he" },
        lecun: { shape: [50, 400], initialize: "lecun" },
        own: { shape: [50, 400], initialize: 0.3 },
      },
      createRng(2),
    );
    const deviation = (variable: tf.Variable) => Math.sqrt(tf.moments(variable).variance.dataSync()[0]);
    expect(deviation(parameters.variables.he)).toBeCloseTo(Math.sqrt(2 / 50), 2);
    expect(deviation(parameters.variables.lecun)).toBeCloseTo(Math.sqrt(1 / 50), 2);
    expect(deviation(parameters.variables.own)).toBeCloseTo(0.3, 2);
    parameters.dispose();
  });
});

describe("value and gradient", () => {
  test("match finite differences and are zero where the function does not reach", () => {
    const parameters = createParameters(specs, createRng(3));
    const other = tf.variable(tf.scalar(2));
    const x = tf.tensor4d(
      Float32Array.from({ length: 60 }, (_, i) => Math.sin(i)),
      [1, 6, 5, 2],
    );
    const { filter, bias, scale } = parameters.variables;
    const f = (): tf.Scalar => {
      const y = conv(tf.mul(x, scale), filter, bias, { strides: 2, slope: 0.2 });
      return tf.mul(other, tf.mean(tf.square(y)));
    };
    const gradient = new Float32Array(parameters.size).fill(7);
    const value = valueAndGradient(f, parameters, gradient);
    expect(value).toBeCloseTo(f().dataSync()[0], 6);
    expect([...gradient.slice(-5)]).toEqual([0, 0, 0, 0, 0]);
    const flat = parameters.read();
    const step = 1e-2;
    for (const i of [0, 17, 40, 71, 73, 76, 77]) {
      const at = (delta: number) => {
        parameters.write(flat.map((v, j) => (i === j ? v + delta : v)));
        return f().dataSync()[0];
      };
      expect(gradient[i], `parameter ${i}`).toBeCloseTo((at(step) - at(-step)) / (2 * step), 2);
    }
    parameters.dispose();
    other.dispose();
  });

  test("a value that no parameter reaches has a gradient of zero", () => {
    const parameters = createParameters({ w: { shape: [2], initialize: "ones" } }, createRng(4));
    const gradient = new Float32Array(2).fill(7);
    expect(valueAndGradient(() => tf.scalar(3), parameters, gradient)).toBe(3);
    expect([...gradient]).toEqual([0, 0]);
    parameters.dispose();
  });

  test("leak no tensors, nor do reading and writing", () => {
    const parameters = createParameters(specs, createRng(5));
    const gradient = new Float32Array(parameters.size);
    const update = () => {
      const { filter, bias } = parameters.variables;
      const f = () => tf.sum<tf.Scalar>(conv(tf.ones([1, 4, 4, 2]), filter, bias, { slope: 0 }));
      valueAndGradient(f, parameters, gradient);
      parameters.write(parameters.read());
    };
    update();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) update();
    expect(tf.memory().numTensors).toBe(before);
    parameters.dispose();
    expect(tf.memory().numTensors).toBe(before - 4);
  });

  test("leak no tensors where the function fails half-way", () => {
    const parameters = createParameters(specs, createRng(6));
    const { filter, bias } = parameters.variables;
    const fails = (): tf.Scalar => {
      conv(tf.ones([1, 4, 4, 2]), filter, bias, { slope: 0 });
      throw new Error("half-way");
    };
    const before = tf.memory().numTensors;
    expect(() => valueAndGradient(fails, parameters, new Float32Array(parameters.size))).toThrow("half-way");
    expect(tf.memory().numTensors).toBe(before);
    parameters.dispose();
  });
});

test("a filter used at every step of a rollout gets the sum of its gradients, and nothing leaks", () => {
  const specs = {
    filter: { shape: [3, 3, 4, 4], initialize: "lecun" },
    bias: { shape: [4], initialize: "zeros" },
    back: { shape: [2, 2, 4, 4], initialize: "lecun" },
    weights: { shape: [4, 3], initialize: "lecun" },
    weightsBias: { shape: [3], initialize: "zeros" },
  } as const;
  const parameters = createParameters(specs, createRng("rollout"));
  const { filter, bias, back, weights, weightsBias } = parameters.variables;
  const x = tf.tensor4d(
    Float32Array.from({ length: 2 * 6 * 4 * 4 }, (_, i) => Math.sin(i)),
    [2, 6, 4, 4],
  );
  const f = (): tf.Scalar => {
    let y: tf.Tensor4D = x;
    for (let t = 0; t < 6; t++) {
      y = conv(y, filter, bias, { slope: 0.2 });
      y = transposedConv(conv(y, filter, bias, { strides: 2 }), back, bias, {
        size: [6, 4, 4],
        strides: 2,
        pad: 0,
      });
    }
    // On an image of one column only the middle of the filter meets anything.
    const narrow = tf.slice(y, [0, 0, 0, 0], [2, 6, 1, 4]);
    for (let t = 0; t < 3; t++) y = conv(t === 0 ? narrow : y, filter, bias, { slope: 0.2 });
    const flat = tf.reshape(tf.slice(y, [0, 0, 0, 0], [2, 1, 1, 4]), [2, 4]) as tf.Tensor2D;
    return tf.mul(tf.sum(tf.square(dense(flat, weights, weightsBias))), 1e6);
  };
  const gradient = new Float32Array(parameters.size);
  valueAndGradient(f, parameters, gradient);
  const tensors = tf.memory().numTensors;
  valueAndGradient(f, parameters, gradient);
  expect(tf.memory().numTensors).toBe(tensors);
  // Outside of `valueAndGradient` the tape sums up.
  const list = Object.values(parameters.variables);
  const byTape = tf.tidy(() => {
    const { grads } = tf.variableGrads(f, list);
    return list.map(({ name }) => grads[name]!.dataSync<"float32">());
  });
  let end = 0;
  const summedUp = byTape.map(({ length }) => gradient.subarray(end, (end += length)));
  expect(worstDifference(summedUp, byTape)).toBeLessThan(1e-5);
  x.dispose();
  parameters.dispose();
});

import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { bench, describe } from "vitest";
import { initializeBackend } from "../../src/tensor/index.ts";
import { normals } from "./on-backend.ts";

/** `npx vitest bench test/tensor`: each kernel as the wasm backend ships it and as we replace it. */
await tf.setBackend("wasm");
const shipped = new Map(
  tf.getKernelsForBackend("wasm").map((kernel) => [kernel.kernelName, kernel.kernelFunc]),
);
await initializeBackend("wasm");

interface Disposer {
  disposeData(dataId: object): void;
}

function compare(title: string, name: string, inputs: object, attrs: object = {}): void {
  const backend = tf.backend() as unknown as Disposer;
  const args = { inputs: inputs as tf.NamedTensorInfoMap, backend, attrs: attrs as tf.NamedAttrMap };
  const run = (kernel: tf.KernelFunc) => () => {
    for (const result of [kernel(args)].flat()) backend.disposeData(result.dataId);
  };
  describe(`${name}, ${title}`, () => {
    const original = shipped.get(name);
    if (original !== undefined) bench("shipped", run(original));
    bench("ours", run(tf.getKernel(name, "wasm").kernelFunc));
  });
}

type Layer = readonly [title: string, x: number[], filter: number[], strides: number, pad: "same" | number];
const layers: readonly Layer[] = [
  ["4×4 stride 2, [8, 64, 16, 9] → 24", [8, 64, 16, 9], [4, 4, 9, 24], 2, "same"],
  ["3×3, [8, 16, 4, 64] → 64", [8, 16, 4, 64], [3, 3, 64, 64], 1, "same"],
  ["1×1, [8, 16, 4, 96] → 64", [8, 16, 4, 96], [1, 1, 96, 64], 1, "same"],
  ["3×3, [8, 32, 8, 24] → 12", [8, 32, 8, 24], [3, 3, 24, 12], 1, "same"],
  ["4×4 stride 2, [8, 16, 4, 64] → 64", [8, 16, 4, 64], [4, 4, 64, 64], 2, "same"],
  ["4×4 stride 2, [8, 58, 12, 64] → 128", [8, 58, 12, 64], [4, 4, 64, 128], 2, 1],
];
for (const [title, x, filter, strides, pad] of layers) {
  const attrs = { strides, pad, dataFormat: "NHWC", dilations: 1 };
  const input = normals("x", ...x);
  const weights = normals("filter", ...filter);
  const dy = normals("dy", ...tf.conv2d(input as tf.Tensor4D, weights as tf.Tensor4D, strides, pad).shape);
  compare(title, "Conv2D", { x: input, filter: weights }, attrs);
  compare(title, "Conv2DBackpropInput", { dy, filter: weights }, { ...attrs, inputShape: x });
  compare(title, "Conv2DBackpropFilter", { x: input, dy }, { ...attrs, filterShape: filter });
}

const matrices: readonly [string, number[], number[], boolean, boolean][] = [
  ["[16, 1024] · [1024, 128]", [16, 1024], [1024, 128], false, false],
  ["[16, 1024]ᵀ · [16, 128]", [16, 1024], [16, 128], true, false],
  ["[16, 128] · [1024, 128]ᵀ", [16, 128], [1024, 128], false, true],
];
for (const [title, a, b, transposeA, transposeB] of matrices) {
  compare(title, "BatchMatMul", { a: normals("a", ...a), b: normals("b", ...b) }, { transposeA, transposeB });
}

const pair = [normals("a", 16, 32, 8, 32), normals("b", 16, 32, 8, 32)];
compare("two [16, 32, 8, 32] on the last axis", "Concat", pair, { axis: 3 });
const whole = normals("x", 16, 32, 8, 64);
compare("[16, 32, 8, 64] in two on the last axis", "SplitV", { x: whole }, { numOrSizeSplits: 2, axis: 3 });
compare("one of 64 channels", "Slice", { x: whole }, { begin: [0, 0, 0, 0], size: [16, 32, 8, 32] });
const paddings = [[0, 0], [1, 1], [1, 1], [0, 0]]; // prettier-ignore
compare("[16, 32, 8, 64] by one", "PadV2", { x: whole }, { paddings, constantValue: 0 });
compare("[16, 16, 4, 128] by 2", "HeadwayDepthToSpace", { x: normals("x", 16, 16, 4, 128) }, { block: 2 });

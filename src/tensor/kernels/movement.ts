import * as tf from "@tensorflow/tfjs";
import type { SimdHost } from "../simd/host.ts";
import { byteStrides, copyRegion } from "../simd/region.ts";
import type { KernelTable } from "./table.ts";

const { sizeFromShape } = tf.util;

/** Kernels of tfjs that only move numbers: each is a few strided block copies. */
export function movementKernels(host: SimdHost, original: (name: string) => tf.KernelFunc): KernelTable {
  /** Copies the box `shape` that begins at `fromStart` in one tensor to `toStart` in another. */
  const copyBox = (
    shape: readonly number[],
    [to, toStart]: readonly [tf.TensorInfo, readonly number[]],
    [from, fromStart]: readonly [tf.TensorInfo, readonly number[]],
  ): void => {
    const toStrides = byteStrides(to.shape);
    const fromStrides = byteStrides(from.shape);
    const at = (start: readonly number[], strides: readonly number[]) =>
      start.reduce((sum, index, axis) => sum + index * strides[axis], 0);
    // Behind the last axis that is cut on either side, everything is one block.
    let block = shape.length;
    while (block > 0 && (block === shape.length || isWhole(block))) block--;
    function isWhole(axis: number): boolean {
      return shape[axis] === to.shape[axis] && shape[axis] === from.shape[axis];
    }
    copyRegion(
      host,
      host.address(to) + at(toStart, toStrides),
      host.address(from) + at(fromStart, fromStrides),
      sizeFromShape(shape.slice(block)),
      shape.slice(0, block).map((length, axis) => [length, toStrides[axis], fromStrides[axis]]),
    );
  };
  const isPlain = (...tensors: tf.TensorInfo[]): boolean =>
    tensors.every(({ dtype, shape }) => dtype === "float32" && sizeFromShape(shape) > 0);
  const origin = (x: tf.TensorInfo): number[] => x.shape.map(() => 0);
  const slice = (x: tf.TensorInfo, start: readonly number[], shape: readonly number[]): tf.TensorInfo => {
    const y = host.create(shape);
    copyBox(shape, [y, origin(y)], [x, start]);
    return y;
  };
  /** Joins tensors of these shapes, which are those of the tensors or have axes of length 1 more. */
  const join = (
    inputs: readonly tf.TensorInfo[],
    shapes: readonly number[][],
    axis: number,
  ): tf.TensorInfo => {
    const y = host.create(tf.backend_util.computeOutShape(shapes as number[][], axis));
    const start = origin(y);
    inputs.forEach((x, i) => {
      const part = { ...x, shape: shapes[i]! };
      copyBox(part.shape, [y, start], [part, origin(part)]);
      start[axis] += part.shape[axis];
    });
    return y;
  };
  return {
    // A tensor never changes, so a copy is another name for the same memory. The tape clones all that it saves: with a
    // copy per step of every filter, a long rollout of a large network took gigabytes.
    Identity: (args) => {
      const { dataId, shape, dtype } = args.inputs["x"]!;
      if (dtype === "string") return original("Identity")(args);
      (args.backend as { incRef(id: object): void }).incRef(dataId);
      return { dataId, shape, dtype };
    },
    Concat: (args) => {
      const inputs = args.inputs as unknown as tf.TensorInfo[];
      if (!isPlain(...inputs)) return original("Concat")(args);
      const shapes = inputs.map(({ shape }) => shape);
      const [axis] = tf.util.parseAxisParam((args.attrs as { axis: number }).axis, shapes[0]) as [number];
      tf.backend_util.assertParamsConsistent(shapes, axis);
      return join(inputs, shapes, axis);
    },
    Pack: (args) => {
      const inputs = args.inputs as unknown as tf.TensorInfo[];
      const { axis } = args.attrs as { axis: number };
      if (!isPlain(...inputs) || axis < 0) return original("Pack")(args);
      return join(
        inputs,
        inputs.map(({ shape }) => shape.toSpliced(axis, 0, 1)),
        axis,
      );
    },
    Slice: (args) => {
      const x = args.inputs["x"]!;
      const { begin, size } = args.attrs as unknown as { begin: number[]; size: number[] };
      const [start, shape] = tf.slice_util.parseSliceParams(x, begin, size);
      return isPlain(x) && sizeFromShape(shape) > 0 ? slice(x, start, shape) : original("Slice")(args);
    },
    SplitV: (args) => {
      const x = args.inputs["x"]!;
      if (!isPlain(x)) return original("SplitV")(args);
      const attributes = args.attrs as unknown as { numOrSizeSplits: number | number[]; axis: number };
      const [axis] = tf.util.parseAxisParam(attributes.axis, x.shape) as [number];
      const start = origin(x);
      const lengths = tf.backend_util.prepareSplitSize(x, attributes.numOrSizeSplits, axis);
      return lengths.map((length) => {
        const part = slice(x, start, x.shape.with(axis, length));
        start[axis] += length;
        return part;
      });
    },
    PadV2: (args) => {
      const x = args.inputs["x"]!;
      const { paddings, constantValue } = args.attrs as unknown as {
        paddings: readonly (readonly [number, number])[];
        constantValue: number;
      };
      if (!isPlain(x) || constantValue !== 0) return original("PadV2")(args);
      const y = host.create(x.shape.map((length, axis) => paddings[axis][0] + length + paddings[axis][1]));
      host.run.clear(host.address(y), 4 * sizeFromShape(y.shape));
      copyBox(x.shape, [y, paddings.map(([before]) => before)], [x, origin(x)]);
      return y;
    },
  };
}

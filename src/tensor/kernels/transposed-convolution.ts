import * as tf from "@tensorflow/tfjs";
import { convolve, convolveBackToFilter, convolveTransposed, sumOverRows } from "../simd/convolution.ts";
import type { SimdHost } from "../simd/host.ts";
import { convolutionShape } from "./attributes.ts";
import type { FusedConvolutionAttributes } from "./fused-convolution.ts";
import type { KernelTable } from "./table.ts";

/** Transposed convolution, bias and leaky rectifier as one operation. */
export const transposedConvolutionName = "HeadwayTransposedConvolution";
const inputGradientName = "HeadwayTransposedConvolutionInputGradient";
const filterGradientName = "HeadwayTransposedConvolutionFilterGradient";
const biasGradientName = "HeadwayTransposedConvolutionBiasGradient";

/** The attributes of the convolution that leads back from the result to `x`, and the shape of the result. */
export interface TransposedConvolutionAttributes extends FusedConvolutionAttributes {
  readonly outShape: readonly [number, number, number, number];
}

const count = (shape: readonly number[]): number => shape.reduce((all, length) => all * length, 1);

/** Filters are [h, w, D, C], for x with C channels and a result with D. */
export function transposedConvolutionKernels(host: SimdHost): KernelTable {
  const attributesOf = (attrs: unknown) =>
    attrs as TransposedConvolutionAttributes & { readonly shape: readonly number[] };
  const beforeRectifier = (dy: tf.TensorInfo, y: tf.TensorInfo, slope: number): number => {
    if (slope === 1) return host.address(dy);
    const g = host.scratch("gradient", 4 * count(dy.shape));
    host.run.leakyGradient(g, host.address(dy), host.address(y), count(dy.shape), slope);
    return g;
  };
  return {
    [transposedConvolutionName]: ({ inputs: { x, filter, bias }, attrs }) => {
      const attributes = attributesOf(attrs);
      const y = host.create(attributes.outShape);
      const addresses = {
        ...{ g: host.address(x!), filter: host.address(filter!), dx: host.address(y) },
        bias: bias === undefined ? 0 : host.address(bias),
      };
      const shape = convolutionShape(attributes.outShape, filter!.shape, attributes);
      convolveTransposed(host, shape, addresses, attributes.slope);
      return y;
    },
    [inputGradientName]: ({ inputs: { dy, y, filter }, attrs }) => {
      const attributes = attributesOf(attrs);
      const dx = host.create(attributes.shape);
      const g = beforeRectifier(dy!, y!, attributes.slope);
      const addresses = { x: g, filter: host.address(filter!), bias: 0, y: host.address(dx) };
      convolve(host, convolutionShape(attributes.outShape, filter!.shape, attributes), addresses, 1);
      return dx;
    },
    [filterGradientName]: ({ inputs: { dy, y, x }, attrs }) => {
      const attributes = attributesOf(attrs);
      const dW = host.create(attributes.shape);
      const g = beforeRectifier(dy!, y!, attributes.slope);
      const addresses = { x: g, g: host.address(x!), dW: host.address(dW) };
      convolveBackToFilter(
        host,
        convolutionShape(attributes.outShape, attributes.shape, attributes),
        addresses,
      );
      return dW;
    },
    [biasGradientName]: ({ inputs: { dy, y }, attrs }) => {
      const columns = dy!.shape.at(-1)!;
      const bias = host.create([columns]);
      const g = beforeRectifier(dy!, y!, attributesOf(attrs).slope);
      sumOverRows(host, g, count(dy!.shape) / columns, columns, host.address(bias));
      return bias;
    },
  };
}

export function registerTransposedConvolutionGradient(): void {
  tf.registerGradient({
    kernelName: transposedConvolutionName,
    inputsToSave: ["x", "filter"],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const [x, filter, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const run = (name: string, inputs: object, shape: readonly number[]): tf.Tensor =>
        tf
          .engine()
          .runKernel(name, { dy, y, ...inputs } as tf.NamedTensorMap, { ...attrs, shape: [...shape] });
      return {
        x: () => run(inputGradientName, { filter }, x.shape),
        filter: () => run(filterGradientName, { x }, filter.shape),
        bias: () => run(biasGradientName, {}, []),
      };
    },
  });
}

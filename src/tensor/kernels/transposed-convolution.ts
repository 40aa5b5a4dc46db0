import * as tf from "@tensorflow/tfjs";
import { convolve, convolveBackToFilter, convolveTransposed, sumOverRows } from "../simd/convolution.ts";
import type { SimdHost } from "../simd/host.ts";
import type { RolloutFilter } from "../gradient-sums.ts";
import { convolutionShape } from "./attributes.ts";
import { sameTensor, type FusedConvolutionAttributes } from "./fused-convolution.ts";
import type { KernelTable } from "./table.ts";

/** Transposed convolution, bias and leaky rectifier as one operation. */
export const transposedConvolutionName = "HeadwayTransposedConvolution";
/** The same with a filter that the tape does not see; its gradient is added to a sum (see gradient-sums.ts). */
export const rolloutTransposedConvolutionName = "HeadwayTransposedConvolutionOfRollout";
const filterSumName = "HeadwayTransposedConvolutionFilterSum";
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
  const forward = (
    { x, bias }: tf.NamedTensorInfoMap,
    filter: tf.TensorInfo,
    attributes: TransposedConvolutionAttributes,
    kept: RolloutFilter["kept"] | null = null,
  ): tf.TensorInfo => {
    const y = host.create(attributes.outShape);
    const addresses = {
      ...{ g: host.address(x!), filter: host.address(filter), dx: host.address(y) },
      bias: bias === undefined ? 0 : host.address(bias),
    };
    const shape = convolutionShape(attributes.outShape, filter.shape, attributes);
    convolveTransposed(host, shape, addresses, attributes.slope, kept);
    return y;
  };
  return {
    [transposedConvolutionName]: ({ inputs, attrs }) =>
      forward(inputs, inputs["filter"]!, attributesOf(attrs)),
    [rolloutTransposedConvolutionName]: ({ inputs, attrs }) =>
      forward(
        inputs,
        (attrs as unknown as RolloutFilter).filter,
        attributesOf(attrs),
        (attrs as unknown as RolloutFilter).kept,
      ),
    [filterSumName]: ({ inputs: { dy, y, x, sum }, attrs, backend }) => {
      const attributes = attributesOf(attrs);
      const g = beforeRectifier(dy!, y!, attributes.slope);
      const addresses = { x: g, g: host.address(x!), dW: host.address(sum!) };
      const shape = convolutionShape(attributes.outShape, sum!.shape, attributes);
      convolveBackToFilter(host, shape, addresses, true);
      return sameTensor(backend, sum!);
    },
    [inputGradientName]: ({ inputs: { dy, y, filter }, attrs }) => {
      const attributes = attributesOf(attrs);
      const dx = host.create(attributes.shape);
      const g = beforeRectifier(dy!, y!, attributes.slope);
      const addresses = { x: g, filter: host.address(filter!), bias: 0, y: host.address(dx) };
      const shape = convolutionShape(attributes.outShape, filter!.shape, attributes);
      convolve(host, shape, addresses, 1, (attrs as unknown as Partial<RolloutFilter>).kept);
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
  tf.registerGradient({
    kernelName: rolloutTransposedConvolutionName,
    inputsToSave: ["x"],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const [x, y] = saved as [tf.Tensor, tf.Tensor];
      const { filter, sum } = attrs as unknown as RolloutFilter;
      const run = (name: string, inputs: object, shape: readonly number[]): tf.Tensor =>
        tf
          .engine()
          .runKernel(name, { dy, y, ...inputs } as tf.NamedTensorMap, { ...attrs, shape: [...shape] });
      return {
        x: () => run(inputGradientName, { filter }, x.shape),
        // Every layer's bias is learned, so this runs also where nobody asks for the gradient of x.
        bias: () => {
          run(filterSumName, { x, sum }, filter.shape);
          return run(biasGradientName, {}, []);
        },
      };
    },
  });
}

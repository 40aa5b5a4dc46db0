import * as tf from "@tensorflow/tfjs";
import { convolve, convolveBackToFilter, convolveBackToInput, sumOverRows } from "../simd/convolution.ts";
import type { SimdHost } from "../simd/host.ts";
import { onRelease, type RolloutFilter } from "../gradient-sums.ts";
import { convolutionShape, matrixShape } from "./attributes.ts";
import type { ConvolutionAttributes } from "./attributes.ts";
import type { KernelTable } from "./table.ts";

/** Convolution or affine map, bias and leaky rectifier as one operation: one node on the tape instead of five. */
export const fusedConvolutionName = "HeadwayConvolution";
/** The same with a filter that the tape does not see; its gradient is added to a sum (see gradient-sums.ts). */
export const rolloutConvolutionName = "HeadwayConvolutionOfRollout";
const filterSumName = "HeadwayConvolutionFilterSum";
const inputGradientName = "HeadwayConvolutionInputGradient";
const filterGradientName = "HeadwayConvolutionFilterGradient";
const biasGradientName = "HeadwayConvolutionBiasGradient";

/** Besides the convolution's own: slope of the rectifier on the negative side, 1 for none. */
export interface FusedConvolutionAttributes extends ConvolutionAttributes {
  readonly slope: number;
}

/** Another name for a tensor that was changed in place. */
export function sameTensor(backend: unknown, { dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  (backend as { incRef(id: object): void }).incRef(dataId);
  return { dataId, shape, dtype };
}

/** Images and filters as they are; matrices [B, I] and [I, O] as images of one pixel. */
function sizes(x: readonly number[], filter: readonly number[], attributes: ConvolutionAttributes) {
  if (x.length === 4) return convolutionShape(x, filter, attributes);
  const [rows, inner] = x as [number, number];
  const columns = filter[1];
  return { ...matrixShape(rows, inner, columns), outShape: [rows, columns] };
}

const count = (shape: readonly number[]): number => shape.reduce((all, length) => all * length, 1);

export function fusedConvolutionKernels(host: SimdHost): KernelTable {
  onRelease((address) => host.free(address));
  const attributesOf = (attrs: unknown) => attrs as FusedConvolutionAttributes & { shape: readonly number[] };
  /** Address of the gradient before the rectifier, from the one after it and the result y. */
  const beforeRectifier = (dy: tf.TensorInfo, y: tf.TensorInfo, slope: number): number => {
    if (slope === 1) return host.address(dy);
    const floats = count(dy.shape);
    const g = host.scratch("gradient", 4 * floats);
    host.run.leakyGradient(g, host.address(dy), host.address(y), floats, slope);
    return g;
  };
  const forward = (
    { x, bias }: tf.NamedTensorInfoMap,
    filter: tf.TensorInfo,
    attributes: FusedConvolutionAttributes,
    kept: RolloutFilter["kept"] | null = null,
  ): tf.TensorInfo => {
    const shape = sizes(x!.shape, filter.shape, attributes);
    const y = host.create(shape.outShape);
    const addresses = {
      ...{ x: host.address(x!), filter: host.address(filter), y: host.address(y) },
      bias: bias === undefined ? 0 : host.address(bias),
    };
    convolve(host, shape, addresses, attributes.slope, kept);
    return y;
  };
  return {
    [fusedConvolutionName]: ({ inputs, attrs }) => forward(inputs, inputs["filter"]!, attributesOf(attrs)),
    [rolloutConvolutionName]: ({ inputs, attrs }) =>
      forward(
        inputs,
        (attrs as unknown as RolloutFilter).filter,
        attributesOf(attrs),
        (attrs as unknown as RolloutFilter).kept,
      ),
    [filterSumName]: ({ inputs: { dy, y, x, sum }, attrs, backend }) => {
      const attributes = attributesOf(attrs);
      const g = beforeRectifier(dy!, y!, attributes.slope);
      const addresses = { x: host.address(x!), g, dW: host.address(sum!) };
      convolveBackToFilter(host, sizes(x!.shape, sum!.shape, attributes), addresses, true);
      return sameTensor(backend, sum!);
    },
    [inputGradientName]: ({ inputs: { dy, y, filter }, attrs }) => {
      const attributes = attributesOf(attrs);
      const dx = host.create(attributes.shape);
      const g = beforeRectifier(dy!, y!, attributes.slope);
      const addresses = { g, filter: host.address(filter!), dx: host.address(dx) };
      const { kept } = attrs as unknown as Partial<RolloutFilter>;
      convolveBackToInput(host, sizes(attributes.shape, filter!.shape, attributes), addresses, kept);
      return dx;
    },
    [filterGradientName]: ({ inputs: { dy, y, x }, attrs }) => {
      const attributes = attributesOf(attrs);
      const dW = host.create(attributes.shape);
      const g = beforeRectifier(dy!, y!, attributes.slope);
      const addresses = { x: host.address(x!), g, dW: host.address(dW) };
      convolveBackToFilter(host, sizes(x!.shape, attributes.shape, attributes), addresses);
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

/** The gradient that goes with the kernels; it works from the result, whose sign is that of its argument. */
export function registerFusedConvolutionGradient(): void {
  tf.registerGradient({
    kernelName: fusedConvolutionName,
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
    kernelName: rolloutConvolutionName,
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

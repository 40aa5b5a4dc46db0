import * as tf from "@tensorflow/tfjs";
import { convolve, convolveBackToFilter, convolveBackToInput, sumOverRows } from "../simd/convolution.ts";
import type { SimdHost } from "../simd/host.ts";
import { convolutionShape, matrixShape } from "./attributes.ts";
import type { ConvolutionAttributes } from "./attributes.ts";
import type { KernelTable } from "./table.ts";

/** Convolution or affine map, bias and leaky rectifier as one operation: one node on the tape instead of five. */
export const fusedConvolutionName = "HeadwayConvolution";
const inputGradientName = "HeadwayConvolutionInputGradient";
const filterGradientName = "HeadwayConvolutionFilterGradient";
const biasGradientName = "HeadwayConvolutionBiasGradient";

/** Besides the convolution's own: slope of the rectifier on the negative side, 1 for none. */
export interface FusedConvolutionAttributes extends ConvolutionAttributes {
  readonly slope: number;
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
  const attributesOf = (attrs: unknown) => attrs as FusedConvolutionAttributes & { shape: readonly number[] };
  /** Address of the gradient before the rectifier, from the one after it and the result y. */
  const beforeRectifier = (dy: tf.TensorInfo, y: tf.TensorInfo, slope: number): number => {
    if (slope === 1) return host.address(dy);
    const floats = count(dy.shape);
    const g = host.scratch("gradient", 4 * floats);
    host.run.leakyGradient(g, host.address(dy), host.address(y), floats, slope);
    return g;
  };
  return {
    [fusedConvolutionName]: ({ inputs: { x, filter, bias }, attrs }) => {
      const attributes = attributesOf(attrs);
      const shape = sizes(x!.shape, filter!.shape, attributes);
      const y = host.create(shape.outShape);
      const addresses = {
        ...{ x: host.address(x!), filter: host.address(filter!), y: host.address(y) },
        bias: bias === undefined ? 0 : host.address(bias),
      };
      convolve(host, shape, addresses, attributes.slope);
      return y;
    },
    [inputGradientName]: ({ inputs: { dy, y, filter }, attrs }) => {
      const attributes = attributesOf(attrs);
      const dx = host.create(attributes.shape);
      const g = beforeRectifier(dy!, y!, attributes.slope);
      const addresses = { g, filter: host.address(filter!), dx: host.address(dx) };
      convolveBackToInput(host, sizes(attributes.shape, filter!.shape, attributes), addresses);
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
}

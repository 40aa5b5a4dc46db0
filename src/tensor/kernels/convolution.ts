import type * as tf from "@tensorflow/tfjs";
import { convolve, convolveBackToFilter, convolveBackToInput } from "../simd/convolution.ts";
import type { SimdHost } from "../simd/host.ts";
import { convolutionShape, isCovered } from "./attributes.ts";
import type { ConvolutionAttributes } from "./attributes.ts";
import type { KernelTable } from "./table.ts";

/** The three convolution kernels of tfjs; what they do not cover goes to `original`. */
export function convolutionKernels(host: SimdHost, original: (name: string) => tf.KernelFunc): KernelTable {
  const covering =
    (
      name: string,
      ours: (inputs: tf.NamedTensorInfoMap, attributes: ConvolutionAttributes) => tf.TensorInfo,
    ) =>
    (args: Parameters<tf.KernelFunc>[0]): ReturnType<tf.KernelFunc> => {
      const attributes = args.attrs as unknown as ConvolutionAttributes;
      return isCovered(attributes) ? ours(args.inputs, attributes) : original(name)(args);
    };
  return {
    Conv2D: covering("Conv2D", ({ x, filter }, attributes) => {
      const shape = convolutionShape(x!.shape, filter!.shape, attributes);
      const y = host.create(shape.outShape);
      const addresses = { x: host.address(x!), filter: host.address(filter!), bias: 0, y: host.address(y) };
      convolve(host, shape, addresses, 1);
      return y;
    }),
    Conv2DBackpropInput: covering("Conv2DBackpropInput", ({ dy, filter }, attributes) => {
      const { inputShape } = attributes as ConvolutionAttributes & { inputShape: readonly number[] };
      const dx = host.create(inputShape);
      convolveBackToInput(host, convolutionShape(inputShape, filter!.shape, attributes), {
        ...{ g: host.address(dy!), filter: host.address(filter!), dx: host.address(dx) },
      });
      return dx;
    }),
    Conv2DBackpropFilter: covering("Conv2DBackpropFilter", ({ x, dy }, attributes) => {
      const { filterShape } = attributes as ConvolutionAttributes & { filterShape: readonly number[] };
      const dW = host.create(filterShape);
      convolveBackToFilter(host, convolutionShape(x!.shape, filterShape, attributes), {
        ...{ x: host.address(x!), g: host.address(dy!), dW: host.address(dW) },
      });
      return dW;
    }),
  };
}

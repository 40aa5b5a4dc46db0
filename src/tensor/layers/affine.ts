import * as tf from "@tensorflow/tfjs";
import { gradientSums } from "../gradient-sums.ts";
import { fusedConvolutionName, rolloutConvolutionName } from "../kernels/fused-convolution.ts";
import type { FusedConvolutionAttributes } from "../kernels/fused-convolution.ts";

/** leaky(product + bias), as one operation where the backend has it; `product` gives the product elsewhere. */
export function affine<T extends tf.Tensor>(
  x: T,
  filter: tf.Tensor,
  bias: tf.Tensor | null,
  { strides, pad, slope }: FusedConvolutionAttributes,
  product: () => T,
): T {
  checkSlope(slope);
  const channels = x.shape.at(-1)!;
  if (channels !== filter.shape.at(-2)!) {
    throw new RangeError(`expected [${x.shape.join()}] to have the channels of [${filter.shape.join()}]`);
  }
  if (tf.getKernel(fusedConvolutionName, tf.getBackend())) {
    const shared = bias === null ? null : gradientSums().of(filter);
    if (shared !== null) {
      const attributes = { strides, pad, slope, ...shared } as unknown as tf.NamedAttrMap;
      return tf.engine().runKernel<T>(rolloutConvolutionName, { x, bias: bias! }, attributes);
    }
    const inputs = { x, filter, ...(bias !== null && { bias }) } as unknown as tf.NamedTensorMap;
    const attributes = { strides, pad, slope } as unknown as tf.NamedAttrMap;
    return tf.engine().runKernel<T>(fusedConvolutionName, inputs, attributes);
  }
  const sum = bias === null ? product() : tf.add<T>(product(), bias);
  if (slope === 1) return sum;
  return slope === 0 ? tf.relu(sum) : tf.leakyRelu(sum, slope);
}

/** @throws RangeError when max(x, slope · x) would not be the leaky rectifier. */
export function checkSlope(slope: number): void {
  if (!(slope >= 0 && slope <= 1)) throw new RangeError(`expected a slope in [0, 1], got ${slope}`);
}

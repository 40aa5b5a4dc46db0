import * as tf from "@tensorflow/tfjs";
import type { FusedAttributes } from "../kernels/fused.ts";
import { fusedConvolution } from "../kernels/fused-convolution.ts";
import { rectified, runFused } from "./run-fused.ts";

/** leaky(product + bias), as one operation where the backend has it; `product` gives the product elsewhere. */
export function affine<T extends tf.Tensor>(
  x: T,
  filter: tf.Tensor,
  bias: tf.Tensor | null,
  { strides, pad, slope }: FusedAttributes,
  product: () => T,
): T {
  checkSlope(slope);
  const channels = x.shape.at(-1)!;
  if (channels !== filter.shape.at(-2)!) {
    throw new RangeError(`expected [${x.shape.join()}] to have the channels of [${filter.shape.join()}]`);
  }
  return (
    runFused(fusedConvolution, x, filter, bias, { strides, pad, slope }) ??
    rectified(bias === null ? product() : tf.add<T>(product(), bias), slope)
  );
}

/** @throws RangeError when max(x, slope · x) would not be the leaky rectifier. */
export function checkSlope(slope: number): void {
  if (!(slope >= 0 && slope <= 1)) throw new RangeError(`expected a slope in [0, 1], got ${slope}`);
}

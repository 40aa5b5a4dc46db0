import * as tf from "@tensorflow/tfjs";
import type { ConvolutionShape } from "../simd/convolution.ts";

type Shape4D = [number, number, number, number];

/** Attributes that tfjs gives its convolution kernels, as far as ours look at them. */
export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad:
    "same" | "valid" | number | [[number, number], [number, number], [number, number], [number, number]];
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** Whether our kernels cover these attributes: channels last, no dilation. */
export function isCovered({ dataFormat = "NHWC", dilations = 1 }: ConvolutionAttributes): boolean {
  const [down, across] = typeof dilations === "number" ? [dilations, dilations] : dilations;
  return dataFormat === "NHWC" && down === 1 && across === 1;
}

/** Sizes of a convolution of `x` with `filter`, and the shape of its result. */
export function convolutionShape(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dimRoundingMode }: ConvolutionAttributes,
): ConvolutionShape & { readonly outShape: Shape4D } {
  const info = tf.backend_util.computeConv2DInfo(
    x as Shape4D,
    filter as Shape4D,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return {
    batch: info.batchSize,
    ...{ inHeight: info.inHeight, inWidth: info.inWidth, inChannels: info.inChannels },
    ...{ filterHeight: info.filterHeight, filterWidth: info.filterWidth },
    ...{ outHeight: info.outHeight, outWidth: info.outWidth, outChannels: info.outChannels },
    ...{ strideHeight: info.strideHeight, strideWidth: info.strideWidth },
    ...{ padTop: info.padInfo.top, padLeft: info.padInfo.left },
    outShape: info.outShape,
  };
}

/** A matrix product as a convolution of `rows` single pixels. */
export function matrixShape(rows: number, inner: number, columns: number): ConvolutionShape {
  return {
    ...{ batch: rows, inHeight: 1, inWidth: 1, inChannels: inner, filterHeight: 1, filterWidth: 1 },
    ...{ outHeight: 1, outWidth: 1, outChannels: columns, strideHeight: 1, strideWidth: 1 },
    ...{ padTop: 0, padLeft: 0 },
  };
}

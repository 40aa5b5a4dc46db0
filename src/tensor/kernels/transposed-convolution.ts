import { convolve, convolveBackToFilter, convolveTransposed } from "../simd/convolution.ts";
import type { SimdHost } from "../simd/host.ts";
import { convolutionShape } from "./attributes.ts";
import { fusedKernels, fusedNames, registerFusedGradient, type FusedAttributes } from "./fused.ts";
import type { KernelTable } from "./table.ts";

/** Transposed convolution, with bias and leaky rectifier. */
export const transposedConvolution = fusedNames("HeadwayTransposedConvolution");

/** The attributes of the convolution that leads back from the result to `x`, and the shape of the result. */
export interface TransposedConvolutionAttributes extends FusedAttributes {
  readonly outShape: readonly [number, number, number, number];
}

/** Filters are [h, w, D, C], for x with C channels and a result with D. */
export function transposedConvolutionKernels(host: SimdHost): KernelTable {
  const { address } = host;
  return fusedKernels<TransposedConvolutionAttributes>(host, transposedConvolution, {
    forward(x, filter, bias, attributes, kept) {
      const y = host.create(attributes.outShape);
      const addresses = { g: address(x), filter: address(filter), bias, dx: address(y) };
      const shape = convolutionShape(attributes.outShape, filter.shape, attributes);
      convolveTransposed(host, shape, addresses, attributes.slope, kept);
      return y;
    },
    backToInput(g, filter, dx, attributes, kept) {
      const addresses = { x: g, filter: address(filter), bias: 0, y: address(dx) };
      convolve(host, convolutionShape(attributes.outShape, filter.shape, attributes), addresses, 1, kept);
    },
    backToFilter(x, g, dW, attributes, late) {
      const addresses = { x: g, g: address(x), dW: address(dW) };
      const shape = convolutionShape(attributes.outShape, dW.shape, attributes);
      convolveBackToFilter(host, shape, addresses, late);
    },
  });
}

export const registerTransposedConvolutionGradient = (): void => registerFusedGradient(transposedConvolution);

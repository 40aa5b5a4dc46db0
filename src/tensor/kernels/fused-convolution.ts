import { onRelease } from "../gradient-sums.ts";
import { convolve, convolveBackToFilter, convolveBackToInput } from "../simd/convolution.ts";
import type { SimdHost } from "../simd/host.ts";
import { convolutionShape, matrixShape, type ConvolutionAttributes } from "./attributes.ts";
import { fusedKernels, fusedNames, registerFusedGradient, type FusedAttributes } from "./fused.ts";
import type { KernelTable } from "./table.ts";

/** Convolution or affine map, with bias and leaky rectifier. */
export const fusedConvolution = fusedNames("HeadwayConvolution");

/** Images and filters as they are; matrices [B, I] and [I, O] as images of one pixel. */
function sizes(x: readonly number[], filter: readonly number[], attributes: ConvolutionAttributes) {
  if (x.length === 4) return convolutionShape(x, filter, attributes);
  const [rows, inner] = x as [number, number];
  const columns = filter[1];
  return { ...matrixShape(rows, inner, columns), outShape: [rows, columns] };
}

export function fusedConvolutionKernels(host: SimdHost): KernelTable {
  onRelease((address) => host.free(address));
  const { address } = host;
  return fusedKernels<FusedAttributes>(host, fusedConvolution, {
    forward(x, filter, bias, attributes, kept) {
      const shape = sizes(x.shape, filter.shape, attributes);
      const y = host.create(shape.outShape);
      const addresses = { x: address(x), filter: address(filter), bias, y: address(y) };
      convolve(host, shape, addresses, attributes.slope, kept);
      return y;
    },
    backToInput(g, filter, dx, attributes, kept) {
      const addresses = { g, filter: address(filter), dx: address(dx) };
      convolveBackToInput(host, sizes(dx.shape, filter.shape, attributes), addresses, kept);
    },
    backToFilter(x, g, dW, attributes, late) {
      const addresses = { x: address(x), g, dW: address(dW) };
      convolveBackToFilter(host, sizes(x.shape, dW.shape, attributes), addresses, late);
    },
  });
}

export const registerFusedConvolutionGradient = (): void => registerFusedGradient(fusedConvolution);

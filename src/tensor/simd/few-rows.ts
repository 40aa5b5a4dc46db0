import type { ConvolutionShape } from "./convolution.ts";
import type { SimdHost } from "./host.ts";
import { layOut, packTransposed } from "./pack.ts";

/**
 * Whether a convolution is a matrix product whose filter has many more rows than the input, as in a dense layer
 * on a small batch: there, packing the filter would take longer than the product.
 */
export function hasFewRows(s: ConvolutionShape): boolean {
  const isMatrix = s.filterHeight * s.filterWidth * s.strideHeight * s.strideWidth === 1;
  const isWhole = s.outHeight === s.inHeight && s.outWidth === s.inWidth;
  return isMatrix && isWhole && 4 * s.batch * s.outHeight * s.outWidth < s.inChannels;
}

/** dx = g · Wᵀ for few rows of g, as (W · gᵀ)ᵀ: then g is packed, and W is read as it lies. */
export function fewRowsBackToInput(
  host: SimdHost,
  s: ConvolutionShape,
  addresses: { readonly g: number; readonly filter: number; readonly dx: number },
): void {
  const rows = s.batch * s.outHeight * s.outWidth;
  const { inChannels: C, outChannels: D } = s;
  const layout = layOut(host, D, rows, 0, (to) => packTransposed(host, to, addresses.g, D, [0]));
  const transposed = host.scratch("output", 4 * C * rows);
  host.run.product(
    ...[addresses.filter, host.offsets([1, 1, C], [0, 0, 4 * D])],
    ...[transposed, host.offsets([1, 1, C], [0, 0, 4 * rows])],
    ...[C, layout.weights, layout.bias, 1, 1, 0, D],
    ...[layout.panels8, layout.panels4, layout.lastLanes],
  );
  host.run.copyMatrix(addresses.dx, transposed, rows, 4 * C, 4, C, 4, 4 * rows);
}

import * as tf from "@tensorflow/tfjs";
import { convolve, convolveBackToFilter, convolveBackToInput } from "../simd/convolution.ts";
import type { SimdHost } from "../simd/host.ts";
import { matrixShape } from "./attributes.ts";
import type { KernelTable } from "./table.ts";

interface MatMulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * Matrix product of single-precision batches, each operand as it is or transposed. A·B is a convolution of
 * single pixels, A·Bᵀ its gradient with respect to the input and Aᵀ·B the one with respect to the filter, so
 * none of the three copies an operand first.
 */
export function matrixKernels(host: SimdHost, original: (name: string) => tf.KernelFunc): KernelTable {
  return {
    BatchMatMul: (args) => {
      const a = args.inputs["a"]!;
      const b = args.inputs["b"]!;
      const { transposeA, transposeB } = args.attrs as unknown as MatMulAttributes;
      const outer = a.shape.slice(0, -2);
      const sameBatch = outer.join() === b.shape.slice(0, -2).join();
      const single = a.dtype === "float32" && b.dtype === "float32";
      if (!single || !sameBatch || (transposeA && transposeB)) return original("BatchMatMul")(args);
      const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
      const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
      const rows = transposeA ? aColumns : aRows;
      const columns = transposeB ? bRows : bColumns;
      const y = host.create([...outer, rows, columns]);
      for (let i = 0; i < tf.util.sizeFromShape(outer); i++) {
        const first = host.address(a) + 4 * i * aRows * aColumns;
        const second = host.address(b) + 4 * i * bRows * bColumns;
        const out = host.address(y) + 4 * i * rows * columns;
        if (transposeA) {
          const shape = matrixShape(aRows, aColumns, bColumns);
          convolveBackToFilter(host, shape, { x: first, g: second, dW: out });
        } else if (transposeB) {
          const shape = matrixShape(aRows, bRows, aColumns);
          convolveBackToInput(host, shape, { g: first, filter: second, dx: out });
        } else {
          const shape = matrixShape(aRows, aColumns, bColumns);
          convolve(host, shape, { x: first, filter: second, bias: 0, y: out }, 1);
        }
      }
      return y;
    },
  };
}

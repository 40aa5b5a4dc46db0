import * as wasm from "../../assembler/index.ts";
import { i32s } from "../../assembler/index.ts";
import type { Code, Locals } from "../../assembler/index.ts";
import type { ConvolutionShape } from "./convolution.ts";
import { transposed } from "./interleave.ts";

/**
 * Whether a convolution is a matrix product whose filter has many more rows than the input, as in a dense layer
 * on a small batch: there, packing the filter would take longer than the product.
 */
export function hasFewRows(s: ConvolutionShape): boolean {
  const isMatrix = s.filterHeight * s.filterWidth * s.strideHeight * s.strideWidth === 1;
  const isWhole = s.outHeight === s.inHeight && s.outWidth === s.inWidth;
  const inVectors = s.inChannels % 4 === 0 && s.outChannels % 4 === 0;
  return isMatrix && isWhole && inVectors && 4 * s.batch * s.outHeight * s.outWidth < s.inChannels;
}

/**
 * dx = g · Wᵀ for few rows of g: dx[b, c] = Σ_d g[b, d] · w[c, d], where every number of w, which lies there as it is, is read
 * once from memory. g is [rows, D], w [C, D] and dx [rows, C], with C and D in whole vectors. The sum runs in four lanes,
 * which are added in the end.
 */
export const fewRowsBackToInput = wasm.assembleFunction(
  "fewRowsBackToInput",
  i32s(6),
  (builder, parameters) => {
    const [dx, g, w, rows, C, D] = parameters as Locals<6>;
    const [c, b, last, offset, bytes] = builder.locals("i32", 5);
    const lines = builder.locals("i32", 4);
    const gradients = builder.locals("i32", 2);
    const targets = builder.locals("i32", 2);
    const sums = [builder.locals("v128", 4), builder.locals("v128", 4)] as const;
    const values = builder.locals("v128", 2);
    const weight = builder.local("v128");
    const halves = builder.locals("v128", 4);
    const total = (four: Locals<4>): [Code, Code] => {
      const [halve, [first, second, third, fourth]] = transposed(four, halves);
      return [halve, wasm.addLanes(wasm.addLanes(first!, second!), wasm.addLanes(third!, fourth!))];
    };
    return [
      ...bytes.set(wasm.shiftLeft(D.get, 2)),
      ...wasm.countUp(c, wasm.i32(0), C.get, 4, [
        ...lines.flatMap((line, i) => line.set(wasm.add(w.get, wasm.multiply(wasm.i32(i), bytes.get)))),
        ...wasm.countUp(b, wasm.i32(0), rows.get, 2, [
          ...[0, 1].flatMap((r) => [
            // A row past the end repeats the last one.
            ...last.set(wasm.add(b.get, wasm.i32(r))),
            ...last.set(wasm.minimum(last.get, wasm.subtract(rows.get, wasm.i32(1)))),
            ...gradients[r].set(wasm.add(g.get, wasm.multiply(last.get, bytes.get))),
            ...targets[r].set(
              wasm.add(dx.get, wasm.shiftLeft(wasm.add(wasm.multiply(last.get, C.get), c.get), 2)),
            ),
            ...sums[r].flatMap((sum) => sum.set(wasm.zero)),
          ]),
          ...wasm.countUp(offset, wasm.i32(0), bytes.get, 16, [
            ...values.flatMap((value, r) => value.set(wasm.load(wasm.add(gradients[r].get, offset.get)))),
            ...lines.flatMap((line, i) => [
              ...weight.set(wasm.load(wasm.add(line.get, offset.get))),
              ...sums.flatMap((four, r) =>
                four[i].set(wasm.addLanes(four[i].get, wasm.multiplyLanes(values[r].get, weight.get))),
              ),
            ]),
          ]),
          ...sums.flatMap((four, r) => {
            const [before, sum] = total(four);
            return [...before, ...wasm.store(targets[r].get, sum)];
          }),
        ]),
        ...w.advance(wasm.shiftLeft(bytes.get, 2)),
      ]),
    ];
  },
);

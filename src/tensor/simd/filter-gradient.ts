import * as wasm from "../../assembler/index.ts";
import { i32s } from "../../assembler/index.ts";
import type { Code, Local, Locals } from "../../assembler/index.ts";

/** Filter entries per tile by the number of vectors of four channels, as in product.ts. */
const tileEntries: { readonly [vectors: number]: number } = { 1: 6, 2: 4 };

/** Rows per pass: their patches and gradients stay in the first cache while all tiles run over them. */
const rowsPerPass = 64;

/**
 * The inner loop of the filter gradient, for one part of the patches (see product.ts):
 *
 *     out[k, d] += Σ_q x[q, k] · g[q, d]
 *
 * Row q of x starts at x + xOffsets[q] and has `length` floats. Rows of g and of `out`, which the caller clears,
 * have a multiple of four floats, to be taken as `panels8` times 8 and `panels4` times 4.
 */
export const filterGradient = wasm.assembleFunction("filterGradient", i32s(8), (builder, parameters) => {
  const [x, xOffsets, g, rows, out, length, panels8, panels4] = parameters as Locals<8>;
  const [first, end, entry, panel, column, row, xRow, gRow, target, stride] = builder.locals("i32", 10);
  const value = builder.local("v128");

  const tile = (entries: number, width: number): Code => {
    const sums = Array.from({ length: entries }, () => builder.locals("v128", width));
    const gradient = builder.locals("v128", width);
    const eachSum = (body: (sum: Local, v: number) => Code): Code =>
      sums.flatMap((line, e) => [
        ...(e === 0 ? [] : target.advance(stride.get)),
        ...line.flatMap((sum, v) => body(sum, v)),
      ]);
    const start = target.set(wasm.add(wasm.add(out.get, wasm.multiply(entry.get, stride.get)), column.get));
    return [
      ...start,
      ...eachSum((sum, v) => sum.set(wasm.load(target.get, 16 * v))),
      ...gRow.set(wasm.add(wasm.add(g.get, wasm.multiply(first.get, stride.get)), column.get)),
      ...wasm.countUp(row, first.get, end.get, 1, [
        ...xRow.set(
          wasm.add(
            wasm.add(x.get, wasm.shiftLeft(entry.get, 2)),
            wasm.loadI32(wasm.add(xOffsets.get, wasm.shiftLeft(row.get, 2))),
          ),
        ),
        ...gradient.flatMap((vector, v) => vector.set(wasm.load(gRow.get, 16 * v))),
        ...sums.flatMap((line, e) => [
          ...value.set(wasm.loadSplat(xRow.get, 4 * e)),
          ...line.flatMap((sum, v) =>
            sum.set(wasm.addLanes(sum.get, wasm.multiplyLanes(value.get, gradient[v].get))),
          ),
        ]),
        ...gRow.advance(stride.get),
      ]),
      ...start,
      ...eachSum((sum, v) => wasm.store(target.get, sum.get, 16 * v)),
    ];
  };
  const panels = (count: Local, width: number): Code => {
    const entries = tileEntries[width];
    const last = wasm.subtract(length.get, wasm.i32(entries - 1));
    return wasm.countUp(panel, wasm.i32(0), count.get, 1, [
      ...wasm.countUp(entry, wasm.i32(0), last, entries, tile(entries, width)),
      ...wasm.countUp(entry, entry.get, length.get, 1, tile(1, width)),
      ...column.advance(wasm.i32(16 * width)),
    ]);
  };
  const vectors = wasm.add(wasm.shiftLeft(panels8.get, 1), panels4.get);
  return [
    ...stride.set(wasm.shiftLeft(vectors, 4)),
    ...wasm.countUp(first, wasm.i32(0), rows.get, rowsPerPass, [
      ...end.set(wasm.add(first.get, wasm.i32(rowsPerPass))),
      ...end.set(wasm.minimum(end.get, rows.get)),
      ...column.set(wasm.i32(0)),
      ...panels(panels8, 2),
      ...panels(panels4, 1),
    ]),
  ];
});

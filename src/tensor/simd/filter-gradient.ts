import * as wasm from "./assembler.ts";
import type { Code, Local } from "./assembler.ts";

/** Filter entries per tile: with two vectors of channels, ten sums stay in registers. */
const tileEntries = 5;

/** Rows per pass: their patches and gradients stay in the first cache while all tiles run over them. */
const rowsPerPass = 128;

/**
 * The inner loop of the filter gradient, for one part of the patches (see product.ts):
 *
 *     out[k, d] += Σ_q x[q, k] · g[q, d]
 *
 * Row q of x starts at x + xOffsets[q] and has `length` floats; row q of g starts at g + q · gStride and has
 * `vectors` · 4 floats, like each row of `out`, which the caller clears. Strides are in bytes.
 */
export const filterGradient = wasm.assembleFunction(
  "filterGradient",
  ["i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  (builder, parameters) => {
    const [x, xOffsets, g, rows, out, length, vectors] = parameters as [
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
    ];
    const [first, end, entry, column, row, xRow, gRow, target, stride] = builder.locals("i32", 9) as [
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
    ];
    const value = builder.local("v128");

    const tile = (entries: number, width: number): Code => {
      const sums = Array.from({ length: entries }, () => builder.locals("v128", width));
      const gradient = builder.locals("v128", width);
      const eachSum = (body: (sum: Local, v: number) => Code): Code =>
        sums.flatMap((line, e) => [
          ...(e === 0 ? [] : target.advance(stride.get)),
          ...line.flatMap((sum, v) => body(sum, v)),
        ]);
      const start = target.set(
        wasm.add(wasm.add(out.get, wasm.multiply(entry.get, stride.get)), wasm.shiftLeft(column.get, 4)),
      );
      return [
        ...start,
        ...eachSum((sum, v) => sum.set(wasm.load(target.get, 16 * v))),
        ...gRow.set(
          wasm.add(wasm.add(g.get, wasm.multiply(first.get, stride.get)), wasm.shiftLeft(column.get, 4)),
        ),
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
              sum.set(wasm.addLanes(sum.get, wasm.multiplyLanes(value.get, gradient[v]!.get))),
            ),
          ]),
          ...gRow.advance(stride.get),
        ]),
        ...start,
        ...eachSum((sum, v) => wasm.store(target.get, sum.get, 16 * v)),
      ];
    };
    const columns = (width: number, from: Code): Code =>
      wasm.countUp(column, from, wasm.subtract(vectors.get, wasm.i32(width - 1)), width, [
        ...wasm.countUp(
          entry,
          wasm.i32(0),
          wasm.subtract(length.get, wasm.i32(tileEntries - 1)),
          tileEntries,
          tile(tileEntries, width),
        ),
        ...wasm.countUp(entry, entry.get, length.get, 1, tile(1, width)),
      ]);
    return [
      ...stride.set(wasm.shiftLeft(vectors.get, 4)),
      ...wasm.countUp(first, wasm.i32(0), rows.get, rowsPerPass, [
        ...end.set(wasm.add(first.get, wasm.i32(rowsPerPass))),
        ...end.set(wasm.minimum(end.get, rows.get)),
        ...columns(2, wasm.i32(0)),
        ...columns(1, column.get),
      ]),
    ];
  },
);

import * as wasm from "../../assembler/index.ts";
import { i32s } from "../../assembler/index.ts";
import type { Code, FunctionBuilder, Local, Locals } from "../../assembler/index.ts";

/**
 * Rows per tile by the number of vectors of four channels. Compilers load a whole round of values ahead, so rows ·
 * vectors sums, vectors weights, rows values and one product must fit the fifteen free registers of x86-64 (4 · 2
 * does to the last); a sum that spills to memory costs a third of the speed. Unrolling is left to the compiler.
 */
const tileRows: { readonly [vectors: number]: number } = { 1: 6, 2: 4 };

/**
 * The inner loop of convolution and matrix product: rows of patches times packed weights.
 *
 *     y[q, d] = leaky(bias[d] + Σ_h Σ_k x[q, h, k] · w[h, k, d]),   leaky(v) = max(v, slope · v)
 *
 * Row q starts at x + xOffsets[q] and its parts h lie `partStride` bytes apart, each of `partLength` floats; its
 * results go to y + yOffsets[q]. Weights are packed as in pack.ts: panels of 8, then of 4 channels;
 * the last panel of 4 writes `lastLanes` of them.
 */
export const product = wasm.assembleFunction(
  "product",
  [...i32s(7), "f32", ...i32s(6)],
  (builder, [x, xOffsets, y, yOffsets, rows, weights, bias, slope, ...more]) => {
    const [parts, partStride, partLength, panels8, panels4, lastLanes] = more as Locals<6>;
    const operands = {
      ...{ x: x, xOffsets: xOffsets, y: y, yOffsets: yOffsets, rows: rows, slope: slope, bias: bias },
      ...{ weights: weights, parts, partStride, partLength },
    };
    const panel = builder.local("i32");
    const panels = (count: Local, vectors: number, body: Code): Code =>
      wasm.countUp(panel, wasm.i32(0), count.get, 1, [
        ...body,
        ...weights.advance(wasm.multiply(wasm.multiply(parts.get, partLength.get), wasm.i32(16 * vectors))),
        ...bias.advance(wasm.i32(16 * vectors)),
        ...y.advance(wasm.i32(16 * vectors)),
      ]);
    const isLast = wasm.lessThan(wasm.subtract(panels4.get, wasm.i32(2)), panel.get);
    const isPartial = wasm.and(isLast, wasm.lessThan(lastLanes.get, wasm.i32(4)));
    const partial = panelOfRows(builder, operands, 1, lastLanes);
    return [
      ...panels(panels8, 2, panelOfRows(builder, operands, 2)),
      ...panels(panels4, 1, wasm.whenElse(isPartial, partial, panelOfRows(builder, operands, 1))),
    ];
  },
);

interface Operands {
  readonly x: Local;
  readonly xOffsets: Local;
  readonly y: Local;
  readonly yOffsets: Local;
  readonly rows: Local;
  readonly weights: Local;
  readonly bias: Local;
  readonly slope: Local;
  readonly parts: Local;
  readonly partStride: Local;
  readonly partLength: Local;
}

/** All rows against one panel of `vectors` · 4 channels. */
function panelOfRows(builder: FunctionBuilder, o: Operands, vectors: number, lanes?: Local): Code {
  const height = tileRows[vectors];
  const sums = Array.from({ length: height }, () => builder.locals("v128", vectors));
  const weight = builder.locals("v128", vectors);
  const value = builder.local("v128");
  const indices = builder.locals("i32", height);
  const starts = builder.locals("i32", height);
  const pointers = builder.locals("i32", height);
  const [row, part, k, w, target] = builder.locals("i32", 5);
  const lastRow = wasm.subtract(o.rows.get, wasm.i32(1));

  const onePart: Code = [
    ...pointers.flatMap((pointer, r) => pointer.set(starts[r].get)),
    ...wasm.countUp(k, wasm.i32(0), o.partLength.get, 1, [
      ...weight.flatMap((vector, v) => vector.set(wasm.load(w.get, 16 * v))),
      ...pointers.flatMap((pointer, r) => [
        ...value.set(wasm.loadSplat(pointer.get)),
        ...sums[r].flatMap((sum, v) =>
          sum.set(wasm.addLanes(sum.get, wasm.multiplyLanes(value.get, weight[v].get))),
        ),
        ...pointer.advance(wasm.i32(4)),
      ]),
      ...w.advance(wasm.i32(16 * vectors)),
    ]),
    ...starts.flatMap((start) => start.advance(o.partStride.get)),
  ];
  const writeRow = (index: Local, r: number): Code => [
    ...target.set(wasm.add(o.y.get, wasm.loadI32(wasm.add(o.yOffsets.get, wasm.shiftLeft(index.get, 2))))),
    ...sums[r].flatMap((sum, v) => {
      const leaky = wasm.greaterLanes(sum.get, wasm.multiplyLanes(sum.get, wasm.splat(o.slope.get)));
      if (lanes === undefined) return wasm.store(target.get, leaky, 16 * v);
      return [
        ...value.set(leaky),
        ...[0, 1, 2].flatMap((lane) =>
          wasm.when(
            wasm.lessThan(wasm.i32(lane), lanes.get),
            wasm.storeLane(target.get, value.get, lane, 4 * lane),
          ),
        ),
      ];
    }),
  ];
  return wasm.countUp(row, wasm.i32(0), o.rows.get, height, [
    // Rows past the end repeat the last one: the same bits are written again, and no tail is needed.
    ...indices.flatMap((index, r) => [
      ...index.set(wasm.add(row.get, wasm.i32(r))),
      ...index.set(wasm.minimum(index.get, lastRow)),
      ...starts[r].set(
        wasm.add(o.x.get, wasm.loadI32(wasm.add(o.xOffsets.get, wasm.shiftLeft(index.get, 2)))),
      ),
      ...sums[r].flatMap((sum, v) => sum.set(wasm.load(o.bias.get, 16 * v))),
    ]),
    ...w.set(o.weights.get),
    ...wasm.countUp(part, wasm.i32(0), o.parts.get, 1, onePart),
    ...indices.flatMap(writeRow),
  ]);
}

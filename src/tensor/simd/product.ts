import * as wasm from "./assembler.ts";
import type { Code, FunctionBuilder, Local } from "./assembler.ts";

/** Rows per tile: with two vectors of channels it keeps ten sums, two weights and one product in registers. */
const tileRows = 5;

/**
 * The inner loop of convolution and matrix product: rows of patches times packed weights.
 *
 *     y[q, d] = leaky(bias[d] + Σ_h Σ_k x[q, h, k] · w[h, k, d]),   leaky(v) = max(v, slope · v)
 *
 * Row q starts at x + xOffsets[q] and its parts h lie `partStride` bytes apart, each of `partLength` floats; its
 * results go to y + yOffsets[q]. Weights are packed as in pack.ts: panels of 8 channels, then of 4; the last
 * panel of 4 writes `lastLanes` of them.
 */
export const product = wasm.assembleFunction(
  "product",
  ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "f32", "i32", "i32", "i32", "i32", "i32", "i32"],
  (builder, parameters) => {
    const [x, xOffsets, y, yOffsets, rows, weights, bias, slope, parts, partStride, partLength] =
      parameters as Local[];
    const [panels8, panels4, lastLanes] = parameters.slice(11) as [Local, Local, Local];
    const panel = builder.local("i32");
    const shared = {
      ...{ x: x!, xOffsets: xOffsets!, y: y!, yOffsets: yOffsets!, rows: rows!, slope: slope!, bias: bias! },
      ...{ weights: weights!, parts: parts!, partStride: partStride!, partLength: partLength! },
    };
    const panelBytes = (vectors: number): Code =>
      wasm.multiply(wasm.multiply(parts!.get, partLength!.get), wasm.i32(16 * vectors));
    const next = (vectors: number): Code => [
      ...weights!.advance(panelBytes(vectors)),
      ...bias!.advance(wasm.i32(16 * vectors)),
      ...y!.advance(wasm.i32(16 * vectors)),
    ];
    const isLast = wasm.lessThan(wasm.subtract(panels4!.get, wasm.i32(2)), panel.get);
    const isPartial = wasm.and(isLast, wasm.lessThan(lastLanes!.get, wasm.i32(4)));
    const partial = panelOfRows(builder, shared, 1, lastLanes);
    const whole = panelOfRows(builder, shared, 1);
    return [
      ...wasm.countUp(panel, wasm.i32(0), panels8!.get, 1, [...panelOfRows(builder, shared, 2), ...next(2)]),
      ...wasm.countUp(panel, wasm.i32(0), panels4!.get, 1, [
        ...wasm.whenElse(isPartial, partial, whole),
        ...next(1),
      ]),
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
  const sums = Array.from({ length: tileRows }, () => builder.locals("v128", vectors));
  const weight = builder.locals("v128", vectors);
  const value = builder.local("v128");
  const indices = builder.locals("i32", tileRows);
  const starts = builder.locals("i32", tileRows);
  const pointers = builder.locals("i32", tileRows);
  const [row, part, k, w, target] = builder.locals("i32", 5) as [Local, Local, Local, Local, Local];
  const lastRow = wasm.subtract(o.rows.get, wasm.i32(1));
  const bytes = 16 * vectors;

  const multiplyOne = (unroll: number): Code => [
    ...weight.flatMap((vector, v) => vector.set(wasm.load(w.get, unroll * bytes + 16 * v))),
    ...pointers.flatMap((pointer, r) => [
      ...value.set(wasm.loadSplat(pointer.get, 4 * unroll)),
      ...sums[r]!.flatMap((sum, v) =>
        sum.set(wasm.addLanes(sum.get, wasm.multiplyLanes(value.get, weight[v]!.get))),
      ),
    ]),
  ];
  const advance = (count: number): Code => [
    ...w.advance(wasm.i32(count * bytes)),
    ...pointers.flatMap((pointer) => pointer.advance(wasm.i32(4 * count))),
  ];
  const onePart: Code = [
    ...pointers.flatMap((pointer, r) => pointer.set(starts[r]!.get)),
    ...wasm.countUp(k, wasm.i32(3), o.partLength.get, 4, [
      ...[0, 1, 2, 3].flatMap(multiplyOne),
      ...advance(4),
    ]),
    ...wasm.countUp(k, wasm.subtract(k.get, wasm.i32(3)), o.partLength.get, 1, [
      ...multiplyOne(0),
      ...advance(1),
    ]),
    ...starts.flatMap((start) => start.advance(o.partStride.get)),
  ];
  const writeRow = (index: Local, r: number): Code => [
    ...target.set(wasm.add(o.y.get, wasm.loadI32(wasm.add(o.yOffsets.get, wasm.shiftLeft(index.get, 2))))),
    ...sums[r]!.flatMap((sum, v) => {
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
  return wasm.countUp(row, wasm.i32(0), o.rows.get, tileRows, [
    // Rows past the end repeat the last one: the same bits are written again, and no tail is needed.
    ...indices.flatMap((index, r) => [
      ...index.set(wasm.add(row.get, wasm.i32(r))),
      ...index.set(wasm.minimum(index.get, lastRow)),
      ...starts[r]!.set(
        wasm.add(o.x.get, wasm.loadI32(wasm.add(o.xOffsets.get, wasm.shiftLeft(index.get, 2)))),
      ),
      ...sums[r]!.flatMap((sum, v) => sum.set(wasm.load(o.bias.get, 16 * v))),
    ]),
    ...w.set(o.weights.get),
    ...wasm.countUp(part, wasm.i32(0), o.parts.get, 1, onePart),
    ...indices.flatMap(writeRow),
  ]);
}

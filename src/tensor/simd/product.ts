import * as wasm from "../../assembler/index.ts";
import { i32s } from "../../assembler/index.ts";
import type { Code, FunctionBuilder, Local, Locals } from "../../assembler/index.ts";

/**
 * Rows per tile. Compilers load a whole round of values ahead, so 4 rows · 2 vectors = 8 sums, 2 weights, 4 values and
 * one product must fit the fifteen free registers of x86-64; a sum that spills to memory costs a third of the speed.
 * Unrolling is left to the compiler.
 */
export const tileRows = 4;

/**
 * The inner loop of every convolution, matrix product and gradient of them: packed rows times packed weights.
 *
 *     y[q, d] = leaky(start[d] + Σ_k x[q, k] · w[k, d]),   leaky(v) = max(v, slope · v)
 *
 * `tiles` holds the rows as packRows4 lays them out, `length` floats each. `weights` are panels of 8 and then, from
 * `weights4` on, of 4 columns with `entries` rows each (see pack.ts), of which those from `first` on meet the tiles. `start` is
 * an address by column, 0 for zeros, or −1 to go on from what y holds. Row q of the result goes to y + yOffsets[q]; the last
 * panel of 4 writes `lastLanes` columns. Every sum runs over k in order, so cutting k into stretches changes no bit.
 */
export const product = wasm.assembleFunction(
  "product",
  [...i32s(10), "f32", ...i32s(3)],
  (builder, parameters) => {
    const [tiles, length, weights, weights4, entries, first, start, y, yOffsets, rows, ...more] =
      parameters as Locals<14>;
    const [slope, panels8, panels4, lastLanes] = more as Locals<4>;
    const [row, tile, column, panel, begin, w, lastRow] = builder.locals("i32", 7);
    const targets = builder.locals("i32", tileRows);
    const operands = { tile, length, w, start, column, targets, slope };
    const panels = (base: Local, count: Local, vectors: number, body: Code): Code => [
      ...begin.set(wasm.add(base.get, wasm.multiply(first.get, wasm.i32(16 * vectors)))),
      ...wasm.countUp(panel, wasm.i32(0), count.get, 1, [
        ...tile.set(tiles.get),
        ...wasm.countUp(row, wasm.i32(0), rows.get, tileRows, [
          ...targets.flatMap((target, r) => [
            ...target.set(wasm.add(row.get, wasm.i32(r))),
            ...target.set(wasm.shiftLeft(wasm.minimum(target.get, lastRow.get), 2)),
            ...target.set(wasm.loadI32(wasm.add(yOffsets.get, target.get))),
            ...target.set(wasm.add(y.get, wasm.add(column.get, target.get))),
          ]),
          ...w.set(begin.get),
          ...body,
        ]),
        ...begin.advance(wasm.multiply(entries.get, wasm.i32(16 * vectors))),
        ...column.advance(wasm.i32(16 * vectors)),
      ]),
    ];
    const isLast = wasm.lessThan(wasm.subtract(panels4.get, wasm.i32(2)), panel.get);
    const isPartial = wasm.and(isLast, wasm.lessThan(lastLanes.get, wasm.i32(4)));
    const partial = tileTimesPanel(builder, operands, 1, lastLanes);
    return [
      ...lastRow.set(wasm.subtract(rows.get, wasm.i32(1))),
      ...panels(weights, panels8, 2, tileTimesPanel(builder, operands, 2)),
      ...panels(
        ...([weights4, panels4, 1] as const),
        wasm.whenElse(isPartial, partial, tileTimesPanel(builder, operands, 1)),
      ),
    ];
  },
);

interface Operands {
  /** Where the tile begins; where it ends, afterwards. */
  readonly tile: Local;
  readonly length: Local;
  /** Where the panel's weights begin; where they end, afterwards. */
  readonly w: Local;
  readonly start: Local;
  /** Bytes from the beginning of a row of results to the panel's. */
  readonly column: Local;
  /** Where the panel's results of each row go. */
  readonly targets: readonly Local[];
  readonly slope: Local;
}

/** A tile of rows times one panel of `vectors` · 4 columns. */
function tileTimesPanel(builder: FunctionBuilder, o: Operands, vectors: number, lanes?: Local): Code {
  const sums = Array.from({ length: tileRows }, () => builder.locals("v128", vectors));
  const weight = builder.locals("v128", vectors);
  const value = builder.local("v128");
  const end = builder.local("i32");
  const eachSum = (body: (sum: Local, r: number, v: number) => Code): Code =>
    sums.flatMap((line, r) => line.flatMap((sum, v) => body(sum, r, v)));

  const writeRow = (target: Local, r: number): Code =>
    sums[r].flatMap((sum, v) => {
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
    });
  return [
    ...wasm.whenElse(
      wasm.lessThan(o.start.get, wasm.i32(0)),
      eachSum((sum, r, v) => sum.set(wasm.load(o.targets[r].get, 16 * v))),
      wasm.whenElse(
        o.start.get,
        eachSum((sum, _, v) => sum.set(wasm.load(wasm.add(o.start.get, o.column.get), 16 * v))),
        eachSum((sum) => sum.set(wasm.zero)),
      ),
    ),
    ...end.set(wasm.add(o.tile.get, wasm.shiftLeft(o.length.get, 4))),
    ...wasm.countUp(o.tile, o.tile.get, end.get, 4 * tileRows, [
      ...weight.flatMap((vector, v) => vector.set(wasm.load(o.w.get, 16 * v))),
      ...sums.flatMap((line, r) => [
        ...value.set(wasm.loadSplat(o.tile.get, 4 * r)),
        ...line.flatMap((sum, v) =>
          sum.set(wasm.addLanes(sum.get, wasm.multiplyLanes(value.get, weight[v].get))),
        ),
      ]),
      ...o.w.advance(wasm.i32(16 * vectors)),
    ]),
    // Rows past the end stand for the last one, which is written over them.
    ...o.targets.map(writeRow).reverse().flat(),
  ];
}

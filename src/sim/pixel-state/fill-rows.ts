import * as wasm from "../../assembler/index.ts";
import type { Code, Constants, FunctionBuilder, Local } from "../../assembler/index.ts";
import { atOnce, placed } from "./place-boxes.ts";
import type { PixelSpec } from "./spec.ts";

const { bytes, i32, pair } = wasm;

/** More than any number of a column. */
const noColumn = 127;
/** Added to this, whole numbers lie in the low bits of a double. */
const integers = 2 ** 52;

/** Code that reads a box at address `box`, as `placed` says, and adds it to the picture. */
export interface RowsOfBox {
  readonly ofSteady: Code;
  readonly ofOthers: Code;
}

/** What adds boxes to a picture whose row 0 begins at address `firstRow`, at `full` for full coverage. */
export function fillRows(
  { width }: PixelSpec,
  channelsPerPixel: number,
  constants: Constants,
  builder: FunctionBuilder,
  { box, full, firstRow }: { readonly box: Local; readonly full: Local; readonly firstRow: Code },
): RowsOfBox {
  /** `valueOf` each column at once in its first byte, `noColumn` elsewhere. */
  const spread = (valueOf: (column: number) => number): number[] =>
    Array.from({ length: 16 }, (_, i) => {
      const column = i / channelsPerPixel;
      return Number.isInteger(column) && column < atOnce ? valueOf(column) : noColumn;
    });
  const perColumn = (valueOf: (column: number) => number): Code => constants.bytes(...spread(valueOf));
  const columnNumbers = perColumn((column) => column);
  // Bytes 0, 3 and 8 are head, body and tail: how they make a row that ends so many columns behind its first one.
  const patterns = constants.addressOf(
    Array.from({ length: atOnce }, (_, last) =>
      spread((column) => (column === 0 ? 0 : column < last ? 3 : column === last ? 8 : noColumn)),
    ).flat(),
  );
  const both = (value: number): Code => constants.pair(value, value);
  const body = constants.bytes(0, 0, 0, 255, ...new Array<number>(12).fill(0));
  const rowBytes = i32(width * channelsPerPixel);

  const [target, row, endRow, firstFull, endFull, first, left, p] = builder.locals("i32", 8);
  const [from, breadth, columnShear, rowShear, centerColumn] = builder.locals("v128", 5);
  const [centerRow, halfRows, top, bottom] = builder.locals("v128", 4);
  const [sides, floors, values, column, lean, inner, pattern] = builder.locals("v128", 7);
  const [one, half, next, more, last] = builder.locals("v128", 5);
  const low = (field: keyof typeof placed): Code => pair.loadSplat(box.get, placed[field]);
  const high = (field: keyof typeof placed): Code => pair.loadSplat(box.get, placed[field] + 8);
  const whole = (field: keyof typeof placed): Code => wasm.loadI32(box.get, placed[field]);

  const read: Code = [
    ...row.set(whole("row")),
    ...endRow.set(whole("endRow")),
    ...firstFull.set(wasm.minimum(whole("firstFull"), endRow.get)),
    ...endFull.set(wasm.minimum(wasm.add(whole("lastFull"), i32(1)), endRow.get)),
    ...centerColumn.set(low("center")),
    ...centerRow.set(high("center")),
    ...columnShear.set(low("shears")),
    ...rowShear.set(high("shears")),
    ...breadth.set(pair.multiply(low("halves"), constants.pair(0, 2))),
    ...halfRows.set(high("halves")),
    ...from.set(pair.load(box.get, placed.from)),
    ...target.set(wasm.add(firstRow, wasm.multiply(row.get, rowBytes))),
  ];

  const addHere = (value: Code): Code => bytes.store(p.get, bytes.addSaturated(bytes.load(p.get), value));
  const nextColumns: Code = [
    ...left.set(wasm.subtract(left.get, i32(atOnce))),
    ...p.advance(i32(atOnce * channelsPerPixel)),
  ];
  /** Goes on as long as there are columns; `left` of them lie behind the first one at hand. */
  const whileColumnsAreLeft = (code: Code): Code =>
    wasm.loop((again) => [...code, ...nextColumns, ...again(wasm.isAtLeast(left.get, i32(0)))]);

  const roundedValue = (coverage: Code): Code =>
    pair.floor(pair.add(pair.smaller(pair.multiply(full.get, coverage), both(255)), both(0.5)));
  /** Byte 0 is the value of the first column, byte 8 that of the last one behind it, byte 3 that between. */
  const headAndTail: Code = [
    ...sides.set(
      pair.subtract(
        pair.smaller(pair.add(floors.get, constants.pair(1, Infinity)), pair.highs(sides.get)),
        pair.lowAndHigh(sides.get, floors.get),
      ),
    ),
    ...sides.set(roundedValue(sides.get)),
    ...values.set(bytes.either(pair.add(sides.get, both(integers)), body)),
  ];
  const patternHere = bytes.load(wasm.add(i32(patterns), wasm.shiftLeft(left.get, 4)));
  const narrowCovered: Code = [...headAndTail, ...addHere(bytes.pick(values.get, patternHere))];
  const lastColumn = bytes.splat(width < noColumn ? left.get : wasm.minimum(left.get, i32(noColumn - 1)));
  const tail = bytes.pick(values.get, constants.bytes(...new Array<number>(16).fill(8)));
  const bodyAndTail = bytes.either(
    bytes.areLess(columnNumbers, lastColumn),
    wasm.bothLanes(bytes.areEqual(columnNumbers, lastColumn), tail),
  );
  const wideCovered: Code = [
    ...headAndTail,
    ...addHere(
      wasm.selectLanes(values.get, bodyAndTail, constants.bytes(255, ...new Array<number>(15).fill(0))),
    ),
    ...wasm.when(wasm.isAtLeast(left.get, i32(atOnce)), [
      ...nextColumns,
      ...whileColumnsAreLeft(addHere(bodyAndTail)),
    ]),
  ];

  /** Values of two columns of a row where an edge passes, from `column` on, as doubles; `column` goes on to the next. */
  const valuesOfTwo = (into: Local): Code => [
    ...next.set(pair.add(column.get, one.get)),
    ...lean.set(
      pair.add(
        centerRow.get,
        pair.multiply(pair.subtract(pair.add(column.get, half.get), centerColumn.get), rowShear.get),
      ),
    ),
    // The share of the columns that lies between the sides,
    ...into.set(
      pair.larger(
        pair.subtract(
          pair.smaller(next.get, pair.highs(sides.get)),
          pair.larger(column.get, pair.lows(sides.get)),
        ),
        wasm.zero,
      ),
    ),
    // and that of the row between front and rear.
    ...lean.set(
      pair.larger(
        pair.subtract(
          pair.smaller(pair.add(lean.get, halfRows.get), bottom.get),
          pair.larger(pair.subtract(lean.get, halfRows.get), top.get),
        ),
        wasm.zero,
      ),
    ),
    ...into.set(
      pair.floor(
        pair.smaller(
          pair.add(pair.multiply(pair.multiply(full.get, into.get), lean.get), half.get),
          both(255),
        ),
      ),
    ),
    ...column.set(pair.add(next.get, one.get)),
  ];
  // Two columns each lie 16 bits apart in one integer.
  const narrowed = perColumn((at) => [0, 8, 2, 10, 4, 12][at]);
  const sixColumns: Code = [
    ...valuesOfTwo(values),
    ...valuesOfTwo(more),
    ...values.set(pair.add(values.get, pair.multiply(more.get, both(2 ** 16)))),
    ...wasm.when(wasm.isAtLeast(left.get, i32(4)), [
      ...valuesOfTwo(more),
      ...values.set(pair.add(values.get, pair.multiply(more.get, both(2 ** 32)))),
    ]),
    ...addHere(bytes.pick(pair.add(values.get, both(integers)), narrowed)),
  ];
  const atEdge = (code: Code): Code => [
    ...one.set(both(1)),
    ...half.set(both(1 / 2)),
    ...top.set(pair.splatI32(row.get)),
    ...bottom.set(pair.add(top.get, one.get)),
    ...column.set(pair.add(pair.lows(floors.get), constants.pair(0, 1))),
    ...code,
  ];
  const narrowEdge = atEdge(sixColumns);
  const wideEdge = atEdge(
    whileColumnsAreLeft([
      ...last.set(column.get),
      ...sixColumns,
      ...column.set(pair.add(last.get, both(atOnce))),
    ]),
  );

  const sidesHere = pair.smaller(pair.larger(pair.add(from.get, breadth.get), wasm.zero), both(width));
  /** The columns of the sides, as `floors`, `first` and `left`. */
  const columnsHere: Code = [
    ...floors.set(pair.floor(sides.get)),
    ...values.set(pair.add(floors.get, both(integers))),
    ...first.set(wasm.laneOf(values.get, 0)),
    ...left.set(wasm.subtract(wasm.laneOf(values.get, 2), first.get)),
    ...first.set(wasm.multiply(first.get, i32(channelsPerPixel))),
  ];
  /** Rows up to `end`, all of one kind. */
  const rowsTo = (end: Code, code: Code): Code =>
    wasm.countUp(row, row.get, end, 1, [
      ...sides.set(sidesHere),
      ...columnsHere,
      ...p.set(wasm.add(target.get, first.get)),
      ...code,
      ...from.set(pair.add(from.get, columnShear.get)),
      ...target.advance(rowBytes),
    ]);
  const allRows = (edge: Code, covered: Code): Code => [
    ...rowsTo(firstFull.get, edge),
    ...rowsTo(endFull.get, covered),
    ...rowsTo(endRow.get, edge),
  ];
  const isNarrow = pair.inBoth(pair.areAtLeast(both(atOnce - 1.001), pair.highs(breadth.get)));

  // Where the columns stay, the sides' distances from the far end of the first and the near end of the last are the
  // shares of the row that they leave.
  const steadyRowsTo = (end: Code, code: Code): Code =>
    wasm.countUp(row, row.get, end, 1, [
      ...sides.set(sidesHere),
      ...code,
      ...from.set(pair.add(from.get, columnShear.get)),
      ...p.advance(rowBytes),
    ]);
  const steadyCovered = addHere(
    bytes.pick(
      bytes.either(
        pair.add(roundedValue(pair.magnitude(pair.subtract(sides.get, inner.get))), both(integers)),
        body,
      ),
      pattern.get,
    ),
  );
  return {
    ofSteady: [
      ...read,
      ...sides.set(sidesHere),
      ...columnsHere,
      ...p.set(wasm.add(target.get, first.get)),
      ...inner.set(pair.add(floors.get, constants.pair(1, 0))),
      ...pattern.set(patternHere),
      ...steadyRowsTo(firstFull.get, narrowEdge),
      ...steadyRowsTo(endFull.get, steadyCovered),
      ...steadyRowsTo(endRow.get, narrowEdge),
    ],
    ofOthers: [
      ...read,
      ...wasm.whenElse(isNarrow, allRows(narrowEdge, narrowCovered), allRows(wideEdge, wideCovered)),
    ],
  };
}

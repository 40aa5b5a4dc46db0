import * as wasm from "../../assembler/index.ts";
import type { Code, Constants, FunctionBuilder, Local } from "../../assembler/index.ts";
import { placed } from "./place-boxes.ts";
import type { PixelSpec } from "./spec.ts";

const { bytes, i32, pair } = wasm;

/** Columns that are filled at once: as many as fit into sixteen bytes at three channels. */
const atOnce = 6;
/** More than any number of a column. */
const noColumn = 127;
/** Added to this, whole numbers lie in the low bits of a double. */
const integers = 2 ** 52;

/** Code that reads a box at address `box` as `placed` says and adds it to the rows of the picture. */
export function fillRows(
  { width }: PixelSpec,
  channelsPerPixel: number,
  constants: Constants,
  builder: FunctionBuilder,
  { box, full, firstRow }: { readonly box: Local; readonly full: Local; readonly firstRow: Code },
): Code {
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
  const [sides, floors, values, column, lean] = builder.locals("v128", 5);
  const one = (field: keyof typeof placed): Code => pair.loadSplat(box.get, placed[field]);
  const other = (field: keyof typeof placed): Code => pair.loadSplat(box.get, placed[field] + 8);
  const whole = (field: keyof typeof placed): Code => wasm.loadI32(box.get, placed[field]);

  const read: Code = [
    ...row.set(whole("row")),
    ...endRow.set(whole("endRow")),
    ...firstFull.set(wasm.minimum(whole("firstFull"), endRow.get)),
    ...endFull.set(wasm.minimum(wasm.add(whole("lastFull"), i32(1)), endRow.get)),
    ...centerColumn.set(one("center")),
    ...centerRow.set(other("center")),
    ...columnShear.set(one("shears")),
    ...rowShear.set(other("shears")),
    ...breadth.set(pair.multiply(one("halves"), constants.pair(0, 2))),
    ...halfRows.set(other("halves")),
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

  /** Byte 0 is the value of the first column, byte 8 that of the last one behind it, byte 3 that between. */
  const headAndTail: Code = [
    ...sides.set(
      pair.subtract(
        pair.smaller(pair.add(floors.get, constants.pair(1, Infinity)), pair.highs(sides.get)),
        pair.lowAndHigh(sides.get, floors.get),
      ),
    ),
    ...sides.set(
      pair.floor(pair.add(pair.smaller(pair.multiply(full.get, sides.get), both(255)), both(0.5))),
    ),
    ...values.set(bytes.either(pair.add(sides.get, both(integers)), body)),
  ];
  const narrowCovered: Code = [
    ...headAndTail,
    ...addHere(bytes.pick(values.get, bytes.load(wasm.add(i32(patterns), wasm.shiftLeft(left.get, 4))))),
  ];
  const last = bytes.splat(width < noColumn ? left.get : wasm.minimum(left.get, i32(noColumn - 1)));
  const tail = bytes.pick(values.get, constants.bytes(...new Array<number>(16).fill(8)));
  const bodyAndTail = bytes.either(
    bytes.areLess(columnNumbers, last),
    wasm.bothLanes(bytes.areEqual(columnNumbers, last), tail),
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

  /** Values of two columns of a row where an edge passes, as doubles. */
  const valuesOf = (index: number): Code => {
    const shifted = (by: number): Code => pair.add(column.get, both(index + by));
    const across = pair.subtract(
      pair.smaller(shifted(1), pair.highs(sides.get)),
      pair.larger(shifted(0), pair.lows(sides.get)),
    );
    const along = pair.subtract(
      pair.smaller(pair.add(lean.get, halfRows.get), bottom.get),
      pair.larger(pair.subtract(lean.get, halfRows.get), top.get),
    );
    const covered = pair.multiply(
      pair.multiply(full.get, pair.larger(across, both(0))),
      pair.larger(along, both(0)),
    );
    return [
      ...lean.set(
        pair.add(centerRow.get, pair.multiply(pair.subtract(shifted(0.5), centerColumn.get), rowShear.get)),
      ),
      ...pair.floor(pair.smaller(pair.add(covered, both(0.5)), both(255))),
    ];
  };
  // Two columns each lie 16 bits apart in one integer.
  const narrowed = perColumn((at) => [0, 8, 2, 10, 4, 12][at]);
  const sixColumns: Code = [
    ...values.set(pair.add(valuesOf(0), pair.multiply(valuesOf(2), both(2 ** 16)))),
    ...wasm.when(
      wasm.isAtLeast(left.get, i32(4)),
      values.set(pair.add(values.get, pair.multiply(valuesOf(4), both(2 ** 32)))),
    ),
    ...addHere(bytes.pick(pair.add(values.get, both(integers)), narrowed)),
  ];
  const atEdge = (code: Code): Code => [
    ...top.set(pair.splatI32(row.get)),
    ...bottom.set(pair.add(top.get, both(1))),
    ...column.set(pair.add(pair.lows(floors.get), constants.pair(0, 1))),
    ...code,
  ];
  const narrowEdge = atEdge(sixColumns);
  const wideEdge = atEdge(
    whileColumnsAreLeft([...sixColumns, ...column.set(pair.add(column.get, both(atOnce)))]),
  );

  /** Rows up to `end`, all of one kind. */
  const rowsTo = (end: Code, code: Code): Code =>
    wasm.countUp(row, row.get, end, 1, [
      ...sides.set(pair.smaller(pair.larger(pair.add(from.get, breadth.get), both(0)), both(width))),
      ...floors.set(pair.floor(sides.get)),
      ...values.set(pair.add(floors.get, both(integers))),
      ...first.set(wasm.laneOf(values.get, 0)),
      ...left.set(wasm.subtract(wasm.laneOf(values.get, 2), first.get)),
      ...p.set(wasm.add(target.get, wasm.multiply(first.get, i32(channelsPerPixel)))),
      ...code,
      ...from.set(pair.add(from.get, columnShear.get)),
      ...target.advance(rowBytes),
    ]);
  const allRows = (edge: Code, covered: Code): Code => [
    ...rowsTo(firstFull.get, edge),
    ...rowsTo(endFull.get, covered),
    ...rowsTo(endRow.get, edge),
  ];
  const isNarrow = pair.areAtLeast(both(atOnce - 1.001), pair.highs(breadth.get));
  return [
    ...read,
    ...wasm.whenElse(isNarrow, allRows(narrowEdge, narrowCovered), allRows(wideEdge, wideCovered)),
  ];
}

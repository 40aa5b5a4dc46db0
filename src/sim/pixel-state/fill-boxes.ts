import * as wasm from "../../assembler/index.ts";
import type { AssembledFunction, Code, Constants, Locals } from "../../assembler/index.ts";
import type { PixelSpec } from "./spec.ts";

const { bytes, i32, pair } = wasm;

/** Columns that are filled at once: as many as fit into sixteen bytes at three channels. */
const atOnce = 6;
/** More than any number of a column. */
const noColumn = 127;

/** Places of the numbers that describe a box, and how many are set aside for each. */
export const boxFields = {
  /** Center in the ego frame [m]. */
  left: 0,
  ahead: 1,
  /** Size [m]. */
  breadth: 2,
  length: 3,
  /** Heading against the ego's [rad], nearly 0. */
  turned: 4,
  /** Value of full coverage, at least 255. */
  full: 5,
  channel: 6,
} as const;
export const boxStride = 8;

/**
 * Adds `count` boxes that lie at address `box`, `boxStride` doubles each, to the picture at address `picture`, clamping
 * at full. The sides of a box move by the same part of a column from row to row, and each row counts with the mean
 * position of the sides in it; where a front or rear edge passes, each column has its own share of the row.
 *
 * Touches up to 18 bytes behind the end of the picture, adding zeros.
 */
export function fillBoxes(
  { height, width, metersPerRow, metersPerColumn }: PixelSpec,
  channelsPerPixel: number,
  constants: Constants,
  picture: number,
): AssembledFunction<"fillBoxes"> {
  /** `valueOf` each column at once in its first byte, `noColumn` elsewhere. */
  const spread = (valueOf: (column: number) => number): number[] =>
    Array.from({ length: 16 }, (_, i) => {
      const column = i / channelsPerPixel;
      return Number.isInteger(column) && column < atOnce ? valueOf(column) : noColumn;
    });
  const perColumn = (valueOf: (column: number) => number): Code => constants.bytes(...spread(valueOf));
  const columnNumbers = perColumn((column) => column);
  // Where six values lie after they were narrowed to bytes.
  const narrowed = perColumn((column) => [0, 1, 4, 5, 8, 9][column]);
  // Bytes 0, 3 and 8 are head, body and tail: how they make a row that ends so many columns behind its first one.
  const patterns = constants.addressOf(
    Array.from({ length: atOnce }, (_, last) =>
      spread((column) => (column === 0 ? 0 : column < last ? 3 : column === last ? 8 : noColumn)),
    ).flat(),
  );
  const both = (value: number): Code => constants.pair(value, value);
  const pixelsPerMeter = constants.pair(1 / metersPerColumn, 1 / metersPerRow);

  return wasm.assembleFunction("fillBoxes", wasm.i32s(2), (builder, parameters) => {
    const [box, count] = parameters as Locals<2>;
    const [target, row, endRow, firstFull, lastFull, first, left, p] = builder.locals("i32", 8);
    const [center, shears, halves, spread, ends, tan] = builder.locals("v128", 6);
    const [from, columnShear, breadth, full] = builder.locals("v128", 4);
    const [centerRow, centerColumn, rowShear, halfRows] = builder.locals("v128", 4);
    const [sides, floors, values, column, lean, more] = builder.locals("v128", 6);
    const at = (field: keyof typeof boxFields): number => 8 * boxFields[field];

    /** Pairs are (column, row): what a box looks like on the grid. */
    const place: Code = [
      ...center.set(
        pair.subtract(
          constants.pair(width / 2, height / 2),
          pair.multiply(pair.load(box.get, at("left")), pixelsPerMeter),
        ),
      ),
      // tan and 1 / cos to fifth order: exact to rounding for angles this small.
      ...tan.set(pair.loadSplat(box.get, at("turned"))),
      ...values.set(pair.multiply(tan.get, tan.get)),
      ...tan.set(
        pair.multiply(
          tan.get,
          pair.add(
            both(1),
            pair.multiply(values.get, pair.add(both(1 / 3), pair.multiply(values.get, both(2 / 15)))),
          ),
        ),
      ),
      ...values.set(
        pair.add(
          both(1),
          pair.multiply(values.get, pair.add(both(1 / 2), pair.multiply(values.get, both(5 / 24)))),
        ),
      ),
      ...shears.set(
        pair.multiply(
          pair.multiply(
            pair.multiply(tan.get, constants.pair(1, -1)),
            constants.pair(metersPerRow, metersPerColumn),
          ),
          pixelsPerMeter,
        ),
      ),
      ...halves.set(
        pair.multiply(
          pair.multiply(pair.multiply(pair.load(box.get, at("breadth")), both(1 / 2)), values.get),
          pixelsPerMeter,
        ),
      ),
      ...centerColumn.set(pair.lows(center.get)),
      ...centerRow.set(pair.highs(center.get)),
      ...columnShear.set(pair.lows(shears.get)),
      ...rowShear.set(pair.highs(shears.get)),
      ...halfRows.set(pair.highs(halves.get)),
      ...breadth.set(pair.multiply(pair.lows(halves.get), constants.pair(0, 2))),
      ...full.set(pair.loadSplat(box.get, at("full"))),
    ];
    const opposite = constants.pair(-1, 1);
    /** The rows it touches, and those of them that are covered from front to rear. */
    const extent: Code = [
      ...spread.set(
        pair.multiply(opposite, pair.multiply(pair.lows(halves.get), pair.magnitude(rowShear.get))),
      ),
      ...ends.set(
        pair.multiply(
          opposite,
          pair.multiply(halfRows.get, pair.add(both(1), pair.multiply(columnShear.get, rowShear.get))),
        ),
      ),
      ...ends.set(pair.add(pair.add(centerRow.get, ends.get), spread.get)),
      ...values.set(pair.smaller(pair.larger(ends.get, both(0)), both(height))),
      ...values.set(pair.truncate(pair.lowAndHigh(values.get, pair.ceil(values.get)))),
      ...row.set(wasm.laneOf(values.get, 0)),
      ...endRow.set(wasm.laneOf(values.get, 1)),
      ...ends.set(
        pair.add(pair.subtract(ends.get, pair.multiply(both(2), spread.get)), constants.pair(0, -1)),
      ),
      ...values.set(pair.truncate(pair.lowAndHigh(pair.ceil(ends.get), pair.floor(ends.get)))),
      ...firstFull.set(wasm.laneOf(values.get, 0)),
      ...lastFull.set(wasm.laneOf(values.get, 1)),
      ...from.set(
        pair.add(
          pair.subtract(centerColumn.get, pair.lows(halves.get)),
          pair.multiply(
            pair.subtract(pair.add(pair.splatI32(row.get), both(0.5)), centerRow.get),
            columnShear.get,
          ),
        ),
      ),
      ...target.set(
        wasm.add(
          wasm.add(wasm.laneOf(pair.truncate(pair.loadSplat(box.get, at("channel"))), 0), i32(picture)),
          wasm.multiply(row.get, i32(width * channelsPerPixel)),
        ),
      ),
    ];

    const addHere = (value: Code): Code => bytes.store(p.get, bytes.addSaturated(bytes.load(p.get), value));
    const nextColumns: Code = [
      ...left.set(wasm.subtract(left.get, i32(atOnce))),
      ...p.advance(i32(atOnce * channelsPerPixel)),
    ];
    /** Goes on as long as there are columns; `left` of them lie behind the first one at hand. */
    const whileColumnsAreLeft = (body: Code): Code =>
      wasm.loop((again) => [...body, ...nextColumns, ...again(wasm.isAtLeast(left.get, i32(0)))]);

    // Full coverage before the last column, the value of the tail in it; of the first column the head decides.
    const last = bytes.splat(width < noColumn ? left.get : wasm.minimum(left.get, i32(noColumn - 1)));
    const tail = bytes.pick(values.get, constants.bytes(...new Array<number>(16).fill(4)));
    const bodyAndTail = bytes.either(
      bytes.areLess(columnNumbers, last),
      wasm.bothLanes(bytes.areEqual(columnNumbers, last), tail),
    );
    const headAndTail = pair.subtract(
      pair.smaller(pair.add(floors.get, constants.pair(1, Infinity)), pair.highs(sides.get)),
      pair.lowAndHigh(sides.get, floors.get),
    );
    const coveredRow: Code = [
      ...values.set(
        pair.truncate(pair.add(pair.smaller(pair.multiply(full.get, headAndTail), both(255)), both(0.5))),
      ),
      ...addHere(
        wasm.selectLanes(values.get, bodyAndTail, constants.bytes(255, ...new Array<number>(15).fill(0))),
      ),
      ...wasm.when(wasm.isAtLeast(left.get, i32(atOnce)), [
        ...nextColumns,
        ...whileColumnsAreLeft(addHere(bodyAndTail)),
      ]),
    ];

    /** Values of two columns of a row where an edge passes. */
    const valuesOf = (index: number): Code => {
      const shifted = (by: number): Code => pair.add(column.get, both(index + by));
      const across = pair.subtract(
        pair.smaller(shifted(1), pair.highs(sides.get)),
        pair.larger(shifted(0), pair.lows(sides.get)),
      );
      const along = pair.subtract(
        pair.smaller(pair.add(lean.get, halfRows.get), pair.splatI32(wasm.add(row.get, i32(1)))),
        pair.larger(pair.subtract(lean.get, halfRows.get), pair.splatI32(row.get)),
      );
      const covered = pair.multiply(
        pair.multiply(full.get, pair.larger(across, both(0))),
        pair.larger(along, both(0)),
      );
      return [
        ...lean.set(
          pair.add(centerRow.get, pair.multiply(pair.subtract(shifted(0.5), centerColumn.get), rowShear.get)),
        ),
        ...pair.truncate(pair.add(covered, both(0.5))),
      ];
    };
    const edgeRow: Code = [
      ...column.set(pair.add(pair.lows(floors.get), constants.pair(0, 1))),
      ...whileColumnsAreLeft([
        ...more.set(both(0)),
        ...wasm.when(wasm.isAtLeast(left.get, i32(4)), more.set(valuesOf(4))),
        ...values.set(bytes.fromI32(valuesOf(0), valuesOf(2))),
        ...addHere(bytes.pick(bytes.fromI16(values.get, bytes.fromI32(more.get, both(0))), narrowed)),
        ...column.set(pair.add(column.get, both(atOnce))),
      ]),
    ];

    const leftAndFirst = (floorsAsIntegers: Code, highLane: number): Code => [
      ...values.set(floorsAsIntegers),
      ...first.set(wasm.laneOf(values.get, 0)),
      ...left.set(wasm.subtract(wasm.laneOf(values.get, highLane), first.get)),
      ...p.set(wasm.add(target.get, wasm.multiply(first.get, i32(channelsPerPixel)))),
    ];
    const nextRow: Code = [
      ...from.set(pair.add(from.get, columnShear.get)),
      ...target.advance(i32(width * channelsPerPixel)),
    ];
    const isCovered = wasm.and(wasm.isAtLeast(row.get, firstFull.get), wasm.isAtLeast(lastFull.get, row.get));
    const anyRows = wasm.countUp(row, row.get, endRow.get, 1, [
      ...sides.set(pair.smaller(pair.larger(pair.add(from.get, breadth.get), both(0)), both(width))),
      ...floors.set(pair.floor(sides.get)),
      ...leftAndFirst(pair.truncate(floors.get), 1),
      ...wasm.whenElse(isCovered, coveredRow, edgeRow),
      ...nextRow,
    ]);

    // The same for most cars: between the sides of the picture, 255 at most, on two to six columns. Added to 2^52,
    // whole numbers lie in the low bits of a double.
    const asInteger = (whole: Code): Code => pair.add(whole, both(2 ** 52));
    const simpleRow: Code = [
      ...sides.set(
        pair.add(
          pair.multiply(pair.subtract(sides.get, floors.get), constants.pair(-1, 1)),
          constants.pair(1, 0),
        ),
      ),
      ...sides.set(pair.floor(pair.add(pair.multiply(full.get, sides.get), both(0.5)))),
      // Now byte 0 is the head, byte 8 the tail and byte 3 what lies between.
      ...sides.set(
        bytes.either(asInteger(sides.get), constants.bytes(0, 0, 0, 255, ...new Array<number>(12).fill(0))),
      ),
      ...addHere(bytes.pick(sides.get, bytes.load(wasm.add(i32(patterns), wasm.shiftLeft(left.get, 4))))),
    ];
    /** Rows up to `end`, all of one kind. */
    const simpleRowsTo = (end: Code, rowCode: Code): Code =>
      wasm.countUp(row, row.get, end, 1, [
        ...sides.set(pair.add(from.get, breadth.get)),
        ...floors.set(pair.floor(sides.get)),
        ...leftAndFirst(asInteger(floors.get), 2),
        ...rowCode,
        ...nextRow,
      ]);
    const simpleRows: Code = [
      ...firstFull.set(wasm.minimum(firstFull.get, endRow.get)),
      ...lastFull.set(wasm.minimum(wasm.add(lastFull.get, i32(1)), endRow.get)),
      ...simpleRowsTo(firstFull.get, edgeRow),
      ...simpleRowsTo(lastFull.get, simpleRow),
      ...simpleRowsTo(endRow.get, edgeRow),
    ];

    const margin = 1e-3;
    const rowCount = pair.splatI32(wasm.subtract(endRow.get, row.get));
    const rows: Code = [
      ...sides.set(pair.add(from.get, breadth.get)),
      ...floors.set(pair.add(sides.get, pair.multiply(columnShear.get, rowCount))),
      ...sides.set(pair.lowAndHigh(pair.smaller(sides.get, floors.get), pair.larger(sides.get, floors.get))),
      ...wasm.whenElse(
        wasm.and(
          wasm.and(
            pair.areAtLeast(both(255), full.get),
            pair.areAtLeast(constants.pair(-margin, width - margin), pair.multiply(opposite, sides.get)),
          ),
          pair.areAtLeast(
            constants.pair(-1 - margin, atOnce - 1 - margin),
            pair.multiply(opposite, pair.highs(breadth.get)),
          ),
        ),
        simpleRows,
        anyRows,
      ),
    ];
    return wasm.countDown(count, [...place, ...extent, ...rows, ...box.advance(i32(8 * boxStride))]);
  });
}

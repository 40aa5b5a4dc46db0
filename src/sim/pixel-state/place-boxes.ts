import * as wasm from "../../assembler/index.ts";
import type { Code, Constants, FunctionBuilder, Local } from "../../assembler/index.ts";
import { boxFields, boxStride } from "./box-fields.ts";
import type { PixelSpec } from "./spec.ts";

const { bytes, i32, pair } = wasm;

/** Where the numbers of a box lie that was placed on the grid, and how far the boxes lie apart [bytes]. */
export const placed = {
  /** Pairs of doubles for columns and rows [px]: the center, */
  center: 0,
  /** how far a side moves from row to row, and an end from column to column, */
  shears: 16,
  /** half the extent along a row, and along a column. */
  halves: 32,
  /** The left side in the middle of the first row, twice. */
  from: 48,
  /** Integers: the rows it touches, the end exclusive, */
  row: 64,
  endRow: 68,
  /** and the first and the last one covered from front to rear. */
  firstFull: 72,
  lastFull: 76,
} as const;
export const placedBytes = 80;

/** Columns that are filled at once: as many as fit into sixteen bytes at three channels. */
export const atOnce = 6;

/**
 * Places the `count` boxes at address `box` on the grid and leaves those out that are not in sight. Whose sides stay in
 * the same two columns, among the first `atOnce` and apart, is steady; `steady` and `others` end up behind the last box
 * of their kind. Takes no branches, so that work on several boxes overlaps.
 */
export function placeBoxes(
  { height, width, metersPerRow, metersPerColumn }: PixelSpec,
  constants: Constants,
  builder: FunctionBuilder,
  { box, count, steady, others }: { readonly [Each in "box" | "count" | "steady" | "others"]: Local },
): Code {
  const both = (value: number): Code => constants.pair(value, value);
  const opposite = constants.pair(-1, 1);
  const [center, shears, halves, tan] = builder.locals("v128", 4);
  const [square, centerRow, columnShear, rowShear, spread] = builder.locals("v128", 5);
  const [ends, inside, from, sides, otherSides] = builder.locals("v128", 5);
  const [outermost, span] = builder.locals("v128", 2);
  const [place, seen, seenSteady] = builder.locals("i32", 3);
  const at = (field: keyof typeof boxFields): number => 8 * boxFields[field];
  const write = (field: keyof typeof placed, value: Code): Code =>
    bytes.store(place.get, value, placed[field]);

  /** 1 + x (a + x b), which for x = turned² is 1 / cos, and tan / turned, exact to rounding for angles this small. */
  const series = (a: number, b: number): Code =>
    pair.add(both(1), pair.multiply(square.get, pair.add(both(a), pair.multiply(square.get, both(b)))));
  const onGrid: Code = [
    ...center.set(
      pair.subtract(
        constants.pair(width / 2, height / 2),
        pair.multiply(pair.load(box.get, at("left")), constants.pair(1 / metersPerColumn, 1 / metersPerRow)),
      ),
    ),
    ...tan.set(pair.loadSplat(box.get, at("turned"))),
    ...square.set(pair.multiply(tan.get, tan.get)),
    ...shears.set(
      pair.multiply(
        pair.multiply(
          pair.multiply(tan.get, series(1 / 3, 2 / 15)),
          constants.pair(metersPerRow, -metersPerColumn),
        ),
        constants.pair(1 / metersPerColumn, 1 / metersPerRow),
      ),
    ),
    ...halves.set(
      pair.multiply(
        pair.multiply(pair.load(box.get, at("breadth")), series(1 / 2, 5 / 24)),
        constants.pair(1 / metersPerColumn / 2, 1 / metersPerRow / 2),
      ),
    ),
  ];
  const extent: Code = [
    ...centerRow.set(pair.highs(center.get)),
    ...columnShear.set(pair.lows(shears.get)),
    ...rowShear.set(pair.highs(shears.get)),
    ...spread.set(
      pair.multiply(opposite, pair.multiply(pair.lows(halves.get), pair.magnitude(rowShear.get))),
    ),
    ...ends.set(
      pair.multiply(
        opposite,
        pair.multiply(
          pair.highs(halves.get),
          pair.add(both(1), pair.multiply(columnShear.get, rowShear.get)),
        ),
      ),
    ),
    ...ends.set(pair.add(pair.add(centerRow.get, ends.get), spread.get)),
    ...inside.set(pair.smaller(pair.larger(ends.get, wasm.zero), both(height))),
    ...inside.set(pair.lowAndHigh(pair.floor(inside.get), pair.ceil(inside.get))),
    ...ends.set(pair.add(pair.subtract(ends.get, pair.multiply(both(2), spread.get)), constants.pair(0, -1))),
    ...from.set(
      pair.add(
        pair.subtract(pair.lows(center.get), pair.lows(halves.get)),
        pair.multiply(
          pair.subtract(pair.add(pair.lows(inside.get), both(0.5)), centerRow.get),
          columnShear.get,
        ),
      ),
    ),
  ];
  const columnsOf = (sides: Code): Code =>
    pair.floor(pair.smaller(pair.larger(sides, wasm.zero), both(width)));
  const sideways: Code = [
    ...sides.set(pair.add(from.get, pair.multiply(pair.lows(halves.get), constants.pair(0, 2)))),
    ...otherSides.set(
      pair.add(
        sides.get,
        pair.multiply(columnShear.get, pair.subtract(pair.highs(inside.get), pair.lows(inside.get))),
      ),
    ),
    ...outermost.set(
      pair.lowAndHigh(pair.smaller(sides.get, otherSides.get), pair.larger(sides.get, otherSides.get)),
    ),
    ...sides.set(columnsOf(sides.get)),
    ...span.set(pair.subtract(pair.highs(sides.get), pair.lows(sides.get))),
  ];
  const isInSight = pair.inBoth(
    wasm.bothLanes(
      pair.areLess(pair.lows(inside.get), pair.highs(inside.get)),
      pair.areAtLeast(pair.multiply(opposite, outermost.get), constants.pair(-width, 0)),
    ),
  );
  const isSteady = pair.inBoth(
    wasm.bothLanes(
      pair.areEqual(sides.get, columnsOf(otherSides.get)),
      pair.areAtLeast(pair.lowAndHigh(span.get, both(atOnce - 1)), pair.lowAndHigh(both(1), span.get)),
    ),
  );
  return wasm.countDown(count, [
    ...onGrid,
    ...extent,
    ...sideways,
    ...seen.set(isInSight),
    ...seenSteady.set(isSteady),
    ...place.set(wasm.select(steady.get, others.get, seenSteady.get)),
    ...write("center", center.get),
    ...write("shears", shears.get),
    ...write("halves", halves.get),
    ...write("from", from.get),
    // Only the first half of what is truncated counts: the second write covers the rest of the first one.
    ...write("row", pair.truncate(inside.get)),
    ...write("firstFull", pair.truncate(pair.lowAndHigh(pair.ceil(ends.get), pair.floor(ends.get)))),
    ...seenSteady.set(wasm.and(seenSteady.get, seen.get)),
    ...steady.advance(wasm.multiply(seenSteady.get, i32(placedBytes))),
    ...others.advance(wasm.multiply(wasm.subtract(seen.get, seenSteady.get), i32(placedBytes))),
    ...box.advance(i32(8 * boxStride)),
  ]);
}

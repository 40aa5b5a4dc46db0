import * as wasm from "../../assembler/index.ts";
import type { AssembledFunction, Constants, Locals } from "../../assembler/index.ts";
import { fillRows } from "./fill-rows.ts";
import { placeBoxes, placedBytes } from "./place-boxes.ts";
import type { PixelSpec } from "./spec.ts";

const { i32, pair } = wasm;

/** Where boxes and picture lie [addresses]. */
export interface BoxPlaces {
  /** `boxStride` doubles each. */
  readonly boxes: number;
  /** Room for `placedBytes` for each box, and once more: for those whose sides stay in their columns, and for others. */
  readonly steady: number;
  readonly others: number;
  readonly picture: number;
}

/**
 * Adds the first `count` boxes to channel `channel` of the picture, at `full` for full coverage (255 at least), clamping
 * at 255. The sides of a box move by the same part of a column from row to row, and each row counts with the mean
 * position of the sides in it; where a front or rear edge passes, each column has its own share of the row.
 *
 * Touches up to 18 bytes behind the end of the picture, adding zeros.
 */
export function fillBoxes(
  spec: PixelSpec,
  channelsPerPixel: number,
  constants: Constants,
  { boxes, steady, others, picture }: BoxPlaces,
): AssembledFunction<"fillBoxes"> {
  return wasm.assembleFunction("fillBoxes", [...wasm.i32s(2), ...wasm.f64s(1)], (builder, parameters) => {
    const [count, channel, fullValue] = parameters as Locals<3>;
    const [box, place, steadyEnd, othersEnd] = builder.locals("i32", 4);
    const full = builder.local("v128");
    const rows = fillRows(spec, channelsPerPixel, constants, builder, {
      box: place,
      full,
      firstRow: wasm.add(channel.get, i32(picture)),
    });
    return [
      ...full.set(pair.splat(fullValue.get)),
      ...box.set(i32(boxes)),
      ...steadyEnd.set(i32(steady)),
      ...othersEnd.set(i32(others)),
      ...placeBoxes(spec, constants, builder, { box, count, steady: steadyEnd, others: othersEnd }),
      ...wasm.countUp(place, i32(steady), steadyEnd.get, placedBytes, rows.ofSteady),
      ...wasm.countUp(place, i32(others), othersEnd.get, placedBytes, rows.ofOthers),
    ];
  });
}

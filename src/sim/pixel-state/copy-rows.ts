import * as wasm from "../../assembler/index.ts";
import type { AssembledFunction, Constants, Locals } from "../../assembler/index.ts";

const { bytes, i32, pair } = wasm;

/**
 * Overwrites the picture at address `picture` with rows of the `count` ones at address `rows`: the top one from place
 * `step`, rounded down, each next one from `slope` places before. Beyond the first and the last the row does not change.
 *
 * Writes up to 15 bytes behind the end of the picture, and reads as many behind the last row.
 */
export function copyRows(
  height: number,
  rowBytes: number,
  constants: Constants,
  picture: number,
): AssembledFunction<"copyRows"> {
  return wasm.assembleFunction("copyRows", [...wasm.i32s(2), ...wasm.f64s(2)], (builder, parameters) => {
    const [rows, count, step, slope] = parameters as Locals<4>;
    const [from, target, left] = builder.locals("i32", 3);
    const [place, last] = builder.locals("v128", 2);
    const offsets = Array.from({ length: Math.ceil(rowBytes / 16) }, (_, i) => 16 * i);
    const within = pair.smaller(pair.larger(place.get, constants.pair(0, 0)), last.get);
    return [
      ...place.set(pair.splat(step.get)),
      ...last.set(pair.splatI32(wasm.subtract(count.get, i32(1)))),
      ...target.set(i32(picture)),
      ...left.set(i32(height)),
      ...wasm.countDown(left, [
        ...from.set(wasm.multiply(wasm.laneOf(pair.truncate(within), 0), i32(rowBytes))),
        ...from.advance(rows.get),
        ...offsets.flatMap((offset) => bytes.store(target.get, bytes.load(from.get, offset), offset)),
        ...target.advance(i32(rowBytes)),
        ...place.set(pair.subtract(place.get, pair.splat(slope.get))),
      ]),
    ];
  });
}

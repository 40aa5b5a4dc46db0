import * as wasm from "../../assembler/index.ts";
import { i32s } from "../../assembler/index.ts";
import type { Locals } from "../../assembler/index.ts";

/**
 * Copies `outer` × `inner` blocks of `floats` floats; blocks lie `…Outer` and `…Inner` bytes apart. Padding,
 * concatenation, slices and the exchange of space and depth are all such copies.
 */
export const copyBlocks = wasm.assembleFunction("copyBlocks", i32s(9), (builder, parameters) => {
  const [to, from, floats, outer, toOuter, fromOuter, inner, toInner, fromInner] = parameters as Locals<9>;
  const [i, j, k, target, source] = builder.locals("i32", 5);
  return wasm.countUp(i, wasm.i32(0), outer.get, 1, [
    ...wasm.countUp(j, wasm.i32(0), inner.get, 1, [
      ...target.set(wasm.add(to.get, wasm.multiply(j.get, toInner.get))),
      ...source.set(wasm.add(from.get, wasm.multiply(j.get, fromInner.get))),
      ...wasm.countUp(k, wasm.i32(3), floats.get, 4, [
        ...wasm.store(target.get, wasm.load(source.get)),
        ...target.advance(wasm.i32(16)),
        ...source.advance(wasm.i32(16)),
      ]),
      ...wasm.countUp(k, wasm.subtract(k.get, wasm.i32(3)), floats.get, 1, [
        ...wasm.storeF32(target.get, wasm.loadF32(source.get)),
        ...target.advance(wasm.i32(4)),
        ...source.advance(wasm.i32(4)),
      ]),
    ]),
    ...to.advance(toOuter.get),
    ...from.advance(fromOuter.get),
  ]);
});

/**
 * Copies rows one after the other: row q starts at x + xOffsets[q] and has `parts` parts of `partLength` floats,
 * `partStride` bytes apart.
 */
export const gatherRows = wasm.assembleFunction("gatherRows", i32s(7), (builder, parameters) => {
  const [to, x, xOffsets, rows, parts, partStride, partLength] = parameters as Locals<7>;
  const [row, part, start, source, end] = builder.locals("i32", 5);
  return wasm.countUp(row, wasm.i32(0), rows.get, 1, [
    ...start.set(wasm.add(x.get, wasm.loadI32(wasm.add(xOffsets.get, wasm.shiftLeft(row.get, 2))))),
    ...wasm.countUp(part, wasm.i32(0), parts.get, 1, [
      ...end.set(wasm.add(start.get, wasm.shiftLeft(partLength.get, 2))),
      ...wasm.countUp(source, start.get, wasm.subtract(end.get, wasm.i32(12)), 16, [
        ...wasm.store(to.get, wasm.load(source.get)),
        ...to.advance(wasm.i32(16)),
      ]),
      ...wasm.countUp(source, source.get, end.get, 4, [
        ...wasm.storeF32(to.get, wasm.loadF32(source.get)),
        ...to.advance(wasm.i32(4)),
      ]),
      ...start.advance(partStride.get),
    ]),
  ]);
});

/** Sets `bytes` bytes to zero. */
export const clear = wasm.assembleFunction("clear", i32s(2), (_, parameters) => {
  const [to, bytes] = parameters as Locals<2>;
  return wasm.fillZero(to.get, bytes.get);
});

import * as wasm from "../../assembler/index.ts";
import { i32s } from "../../assembler/index.ts";
import type { Code, Local, Locals } from "../../assembler/index.ts";

/** Runs over `floats` floats, four at a time and then one at a time; `body` gets the offset in bytes. */
function overFloats(offset: Local, floats: Code, four: Code, one: Code): Code {
  const bytes = wasm.shiftLeft(floats, 2);
  return [
    ...wasm.countUp(offset, wasm.i32(12), bytes, 16, four),
    ...wasm.countUp(offset, wasm.subtract(offset.get, wasm.i32(12)), bytes, 4, one),
  ];
}

/** Leaky rectifier: out = max(x, slope · x), for slopes in [0, 1]. */
export const leaky = wasm.assembleFunction("leaky", [...i32s(3), "f32"], (builder, parameters) => {
  const [out, x, floats, slope] = parameters as Locals<4>;
  const offset = builder.local("i32");
  const factor = builder.local("v128");
  const value = builder.local("v128");
  const at = (base: Local, back: number): Code =>
    wasm.subtract(wasm.add(base.get, offset.get), wasm.i32(back));
  const rectified = wasm.greaterLanes(value.get, wasm.multiplyLanes(value.get, factor.get));
  return [
    ...factor.set(wasm.splat(slope.get)),
    ...overFloats(
      offset,
      floats.get,
      [...value.set(wasm.load(at(x, 12))), ...wasm.store(at(out, 12), rectified)],
      [...value.set(wasm.loadSplat(at(x, 0))), ...wasm.storeLane(at(out, 0), rectified, 0)],
    ),
  ];
});

/** Gradient of the leaky rectifier, from its result: out = g where y > 0, slope · g elsewhere. */
export const leakyGradient = wasm.assembleFunction(
  "leakyGradient",
  [...i32s(4), "f32"],
  (builder, parameters) => {
    const [out, g, y, floats, slope] = parameters as Locals<5>;
    const offset = builder.local("i32");
    const factor = builder.local("v128");
    const gradient = builder.local("v128");
    const at = (base: Local, back: number): Code =>
      wasm.subtract(wasm.add(base.get, offset.get), wasm.i32(back));
    const select = (read: (address: Code) => Code, back: number): Code => [
      ...gradient.set(read(at(g, back))),
      ...gradient.set(
        wasm.selectLanes(
          gradient.get,
          wasm.multiplyLanes(gradient.get, factor.get),
          wasm.isPositive(read(at(y, back))),
        ),
      ),
    ];
    return [
      ...factor.set(wasm.splat(slope.get)),
      ...overFloats(
        offset,
        floats.get,
        [...select(wasm.load, 12), ...wasm.store(at(out, 12), gradient.get)],
        [...select(wasm.loadSplat, 0), ...wasm.storeLane(at(out, 0), gradient.get, 0)],
      ),
    ];
  },
);

/** Gradient of clamping x to [low, high]: out = g where x is within, 0 elsewhere. */
export const clampGradient = wasm.assembleFunction(
  "clampGradient",
  [...i32s(4), "f32", "f32"],
  (builder, parameters) => {
    const [out, g, x, floats, low, high] = parameters as Locals<6>;
    const offset = builder.local("i32");
    const [least, most, value] = builder.locals("v128", 3);
    const at = (base: Local, back: number): Code =>
      wasm.subtract(wasm.add(base.get, offset.get), wasm.i32(back));
    const within = wasm.bothLanes(wasm.atLeast(value.get, least.get), wasm.atLeast(most.get, value.get));
    const masked = (read: (address: Code) => Code, back: number): Code => [
      ...value.set(read(at(x, back))),
      ...value.set(wasm.bothLanes(within, read(at(g, back)))),
    ];
    return [
      ...least.set(wasm.splat(low.get)),
      ...most.set(wasm.splat(high.get)),
      ...overFloats(
        offset,
        floats.get,
        [...masked(wasm.load, 12), ...wasm.store(at(out, 12), value.get)],
        [...masked(wasm.loadSplat, 0), ...wasm.storeLane(at(out, 0), value.get, 0)],
      ),
    ];
  },
);

/** Sum over rows: out[d] = Σ_q x[q, d], for `vectors` · 4 columns; rows of x lie `stride` bytes apart. */
export const sumRows = wasm.assembleFunction("sumRows", i32s(5), (builder, parameters) => {
  const [out, x, rows, stride, vectors] = parameters as Locals<5>;
  const [row, column, source] = builder.locals("i32", 3);
  const block = (width: number, from: Code): Code => {
    const sums = builder.locals("v128", width);
    return wasm.countUp(column, from, wasm.subtract(vectors.get, wasm.i32(width - 1)), width, [
      ...source.set(wasm.add(x.get, wasm.shiftLeft(column.get, 4))),
      ...sums.flatMap((sum) => sum.set(wasm.zero)),
      ...wasm.countUp(row, wasm.i32(0), rows.get, 1, [
        ...sums.flatMap((sum, v) => sum.set(wasm.addLanes(sum.get, wasm.load(source.get, 16 * v)))),
        ...source.advance(stride.get),
      ]),
      ...sums.flatMap((sum, v) =>
        wasm.store(wasm.add(out.get, wasm.shiftLeft(column.get, 4)), sum.get, 16 * v),
      ),
    ]);
  };
  return [...block(4, wasm.i32(0)), ...block(1, column.get)];
});

import * as wasm from "../../assembler/index.ts";
import { i32s } from "../../assembler/index.ts";
import type { Code, Local, Locals } from "../../assembler/index.ts";

/*
 * What product.ts reads lies in memory in the order in which it is read: by panels of 4 or 8 lines, and within a panel the
 * first float of every line, then the second, and so on. All of these functions take and write whole vectors: they may read
 * up to 12 bytes behind a line and write up to `interleaveSlack` bytes behind the last panel; the lanes and lines that
 * then hold nonsense lead to results that nobody stores.
 */
export const interleaveSlack = 128;

/** The transpose of a 4 × 4 block, and what has to run first. */
export function transposed([a, b, c, d]: Locals<4>, [low, high, third, fourth]: Locals<4>): [Code, Code[]] {
  const pick = wasm.pickLanes;
  return [
    [
      ...low.set(pick(a.get, b.get, [0, 4, 1, 5])),
      ...high.set(pick(a.get, b.get, [2, 6, 3, 7])),
      ...third.set(pick(c.get, d.get, [0, 4, 1, 5])),
      ...fourth.set(pick(c.get, d.get, [2, 6, 3, 7])),
    ],
    [
      pick(low.get, third.get, [0, 1, 4, 5]),
      pick(low.get, third.get, [2, 3, 6, 7]),
      pick(high.get, fourth.get, [0, 1, 4, 5]),
      pick(high.get, fourth.get, [2, 3, 6, 7]),
    ],
  ];
}

/**
 * Panels of rows. Row q starts at x + xOffsets[q] and has `parts` parts of `partLength` floats, `partStride` bytes apart; rows
 * past the end repeat the last one.
 */
const packRows = <Name extends string>(name: Name, width: 4 | 8) =>
  wasm.assembleFunction(name, i32s(7), (builder, parameters) => {
    const [to, x, xOffsets, rows, parts, partStride, partLength] = parameters as Locals<7>;
    const [row, part, k] = builder.locals("i32", 3);
    const starts = Array.from({ length: width }, () => builder.local("i32"));
    const pointers = starts.map(() => builder.local("i32"));
    const block = builder.locals("v128", 4);
    const halves = builder.locals("v128", 4);
    const quads = (first: number): Code => {
      const [halve, lines] = transposed(block, halves);
      return [
        ...block.flatMap((vector, r) => vector.set(wasm.load(pointers[first + r].get))),
        ...halve,
        ...lines.flatMap((line, i) => wasm.store(to.get, line, 4 * (i * width + first))),
      ];
    };
    return wasm.countUp(row, wasm.i32(0), rows.get, width, [
      ...starts.flatMap((start, r) => [
        ...start.set(wasm.add(row.get, wasm.i32(r))),
        ...start.set(wasm.minimum(start.get, wasm.subtract(rows.get, wasm.i32(1)))),
        ...start.set(wasm.add(x.get, wasm.loadI32(wasm.add(xOffsets.get, wasm.shiftLeft(start.get, 2))))),
      ]),
      ...wasm.countUp(part, wasm.i32(0), parts.get, 1, [
        ...pointers.flatMap((pointer, r) => pointer.set(starts[r].get)),
        ...wasm.countUp(k, wasm.i32(0), partLength.get, 4, [
          ...quads(0),
          ...(width === 8 ? quads(4) : []),
          ...pointers.flatMap((pointer) => pointer.advance(wasm.i32(16))),
          ...to.advance(wasm.i32(16 * width)),
        ]),
        ...to.advance(wasm.multiply(wasm.subtract(partLength.get, k.get), wasm.i32(4 * width))),
        ...starts.flatMap((start) => start.advance(partStride.get)),
      ]),
    ]);
  });
export const packRows4 = packRows("packRows4", 4);
export const packRows8 = packRows("packRows8", 8);

/** Panels of columns: `vectors` · 4 columns, whole panels, of the rows that start at x + xOffsets[q]. */
const packColumns = <Name extends string>(name: Name, width: 4 | 8) =>
  wasm.assembleFunction(name, i32s(5), (builder, parameters) => {
    const [to, x, xOffsets, rows, vectors] = parameters as Locals<5>;
    const [column, row, source] = builder.locals("i32", 3);
    const targets = builder.locals("i32", 4);
    /** `count` vectors of every row, to be found in `panels` panels. */
    const pass = (count: number, panels: number, from: Code): Code => {
      const each = count / panels;
      const used: Local[] = targets.slice(0, panels);
      const panelBytes = wasm.multiply(rows.get, wasm.i32(16 * each));
      return wasm.countUp(column, from, wasm.subtract(vectors.get, wasm.i32(count - 1)), count, [
        ...used.flatMap((target) => [...target.set(to.get), ...to.advance(panelBytes)]),
        ...wasm.countUp(row, wasm.i32(0), rows.get, 1, [
          ...source.set(wasm.loadI32(wasm.add(xOffsets.get, wasm.shiftLeft(row.get, 2)))),
          ...source.advance(wasm.add(x.get, wasm.shiftLeft(column.get, 4))),
          ...used.flatMap((target, p) => [
            ...Array.from({ length: each }, (_, v) =>
              wasm.store(target.get, wasm.load(source.get, 16 * (p * each + v)), 16 * v),
            ).flat(),
            ...target.advance(wasm.i32(16 * each)),
          ]),
        ]),
      ]);
    };
    const widest = pass(4, width === 8 ? 2 : 4, wasm.i32(0));
    return [...widest, ...pass(width / 4, 1, column.get)];
  });
export const packColumns4 = packColumns("packColumns4", 4);
export const packColumns8 = packColumns("packColumns8", 8);

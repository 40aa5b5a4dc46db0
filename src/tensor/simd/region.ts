import type { SimdHost } from "./host.ts";

/** One loop of a copy: how often, and how far apart in bytes on either side. */
export type CopyLoop = readonly [count: number, toStride: number, fromStride: number];

/**
 * Copies blocks of `floats` floats under nested loops, the outermost first. Neighboring loops that step evenly on
 * both sides become one, the two innermost run in one call.
 */
export function copyRegion(
  host: SimdHost,
  to: number,
  from: number,
  floats: number,
  loops: readonly CopyLoop[],
): void {
  const merged: CopyLoop[] = [];
  for (const loop of loops) {
    const last = merged.at(-1);
    const [count, toStride, fromStride] = loop;
    if (count === 1) continue;
    if (last !== undefined && last[1] === count * toStride && last[2] === count * fromStride) {
      merged[merged.length - 1] = [last[0] * count, toStride, fromStride];
    } else merged.push(loop);
  }
  const inner = merged.pop() ?? [1, 0, 0];
  const outer = merged.pop() ?? [1, 0, 0];
  const visit = (depth: number, toStart: number, fromStart: number): void => {
    const loop = merged[depth];
    if (loop === undefined) {
      host.run.copyBlocks(toStart, fromStart, floats, ...outer, ...inner);
      return;
    }
    for (let i = 0; i < loop[0]; i++) visit(depth + 1, toStart + i * loop[1], fromStart + i * loop[2]);
  };
  visit(0, to, from);
}

/** Bytes from one entry to the next along each axis of a row-major tensor of floats. */
export function byteStrides(shape: readonly number[]): number[] {
  const strides: number[] = new Array<number>(shape.length);
  let stride = 4;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

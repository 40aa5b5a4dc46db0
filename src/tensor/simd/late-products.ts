import { addPatchesTimes, type Patches, type PatchSum } from "./blocks.ts";
import type { SimdHost } from "./host.ts";

/** Rows that wait, at most: then reading and writing the sum takes little beside the product. */
const mostRows = 256;

/**
 * Adds patchesᵀ · g to one sum, as `addPatchesTimes` does, but few rows wait until there are many: a large filter that
 * meets a small batch at every step of a rollout would otherwise be read and written as a whole for a handful of rows.
 * The rows are summed in the order in which they came, to the same bits. Patches of another form wait anew.
 */
export interface LateProducts {
  add(patches: Patches, g: number, columns: number, sum: PatchSum): void;
  /** Adds what still waits. Nothing can be added afterwards. */
  finish(): void;
}

/** Rows one after the other: patches [mostRows, parts · partLength] at `x` and g [mostRows, columns]. */
interface Waiting {
  readonly x: number;
  readonly g: number;
  readonly parts: number;
  readonly partLength: number;
  readonly columns: number;
  readonly sum: PatchSum;
}

export function createLateProducts(host: SimdHost): LateProducts {
  let waiting: Waiting | null = null;
  let rows = 0;
  const flush = (): void => {
    if (waiting === null || rows === 0) return;
    const { x, g, parts, partLength, columns, sum } = waiting;
    const offsets = host.offsets([1, 1, mostRows], [0, 0, 4 * parts * partLength]);
    const patches = { x, offsets, rows, parts, partStride: 4 * partLength, partLength };
    addPatchesTimes(host, patches, g, columns, sum);
    rows = 0;
  };
  const finish = (): void => {
    flush();
    if (waiting === null) return;
    host.free(waiting.x);
    host.free(waiting.g);
    waiting = null;
  };
  return {
    add(patches, g, columns, sum) {
      if (4 * patches.rows > mostRows) {
        flush();
        addPatchesTimes(host, patches, g, columns, sum);
        return;
      }
      const { parts, partLength } = patches;
      const entries = parts * partLength;
      const goesOn =
        waiting?.sum.address === sum.address && waiting.parts === parts && waiting.partLength === partLength;
      if (!goesOn) finish();
      waiting ??= {
        x: host.allocate(4 * entries * mostRows),
        g: host.allocate(4 * columns * mostRows),
        ...{ parts, partLength, columns, sum },
      };
      if (rows + patches.rows > mostRows) flush();
      const { x, offsets, partStride } = patches;
      const to = waiting.x + 4 * entries * rows;
      host.run.gatherRows(to, x, offsets, patches.rows, parts, partStride, partLength);
      host.run.copyBlocks(waiting.g + 4 * columns * rows, g, columns * patches.rows, 1, 0, 0, 1, 0, 0);
      rows += patches.rows;
    },
    finish,
  };
}

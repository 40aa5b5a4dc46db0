import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { refuseNoMemory } from "../../src/tensor/simd/refuse-no-memory.ts";
import { wasmHost } from "../../src/tensor/wasm-kernels.ts";
import { useWasm } from "../support/backend.ts";

const gibibyte = 2 ** 30;

/** As emscripten makes them: the first call puts the real function in its place; addresses are signed. */
function guarded(byteLength: number, growsTo = byteLength) {
  const memory = { buffer: { byteLength } };
  let next = 16;
  const malloc = (bytes: number): number => {
    if (next + bytes > memory.buffer.byteLength) memory.buffer.byteLength = growsTo;
    if (next + bytes > growsTo && growsTo < 4 * gibibyte) return 0;
    next += bytes;
    return (next - bytes) | 0;
  };
  const allocator = {
    freed: [] as number[],
    _malloc: (bytes: number): number => (allocator._malloc = malloc)(bytes),
    _free: (address: number): void => void allocator.freed.push(address),
  };
  refuseNoMemory(allocator, memory);
  return allocator;
}

describe("an allocator that refuses", () => {
  test("gives the addresses that were given before, unsigned, those of nothing included", () => {
    const allocator = guarded(64, 4 * gibibyte);
    expect(allocator.freed).toEqual([16]);
    expect(allocator._malloc(0)).toBe(17);
    expect(allocator._malloc(3 * gibibyte)).toBe(17);
    expect(allocator._malloc(100)).toBe(3 * gibibyte + 17);
  });

  test("says how much was wanted where nothing is left, and still gives less", () => {
    const allocator = guarded(1024);
    expect(() => allocator._malloc(3 * 2 ** 20)).toThrow(
      "out of memory: 3.0 MiB more were wanted of the 4 GiB that tensors have together.",
    );
    expect(() => allocator._malloc(4 * gibibyte + 8)).toThrow("out of memory: 4096.0 MiB");
    expect(allocator._malloc(1000)).toBe(17);
  });

  test("gives nothing more after a place beyond the end", () => {
    const allocator = guarded(1024, 4 * gibibyte);
    allocator._malloc(3 * gibibyte);
    expect(() => allocator._malloc(gibibyte)).toThrow("out of memory: 1024.0 MiB");
    expect(() => allocator._malloc(1)).toThrow("out of memory");
  });
});

describe("the wasm backend", () => {
  useWasm();

  test("never gives scratch memory that was freed for larger one that was not to be had", () => {
    const host = wasmHost()!;
    host.scratch("tiles", 1 << 12);
    expect(() => host.scratch("tiles", 4 * gibibyte)).toThrow("out of memory");
    // Whoever comes next gets what was freed.
    const next = host.allocate(1 << 12);
    expect(host.scratch("tiles", 1 << 12)).not.toBe(next);
    host.free(next);
  });

  test("throws where a tensor finds no room, one of ours or of tfjs, and keeps nothing of it", () => {
    const host = wasmHost()!;
    const known = tf.memory().numDataBuffers;
    // Memory that nobody writes to costs nothing.
    for (const bytes of [gibibyte, 2 ** 20]) {
      expect(() => {
        for (let i = 0; i < 4096; i++) host.allocate(bytes);
      }).toThrow(`out of memory: ${bytes / 2 ** 20}.0 MiB`);
    }
    expect(() => host.create([256, 1024])).toThrow("out of memory: 1.0 MiB");
    expect(() => tf.tidy(() => tf.tile([[1]], [256, 1024]))).toThrow("out of memory");
    expect(tf.memory().numDataBuffers).toBe(known);
  });
});

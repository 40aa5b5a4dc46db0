import type * as tf from "@tensorflow/tfjs";
import { assembleModule } from "../../assembler/index.ts";
import { clampGradient, leaky, leakyGradient, sumRows } from "./elementwise.ts";
import { fewRowsBackToInput } from "./few-rows.ts";
import { packColumns4, packColumns8, packRows4, packRows8 } from "./interleave.ts";
import { clear, copyBlocks, gatherRows } from "./movement.ts";
import { product } from "./product.ts";
import { refuseNoMemory, type Allocator } from "./refuse-no-memory.ts";

const functions = [
  ...[product, fewRowsBackToInput, packRows4, packRows8, packColumns4, packColumns8],
  ...[copyBlocks, gatherRows, clear, clampGradient, leaky, leakyGradient, sumRows],
];

type FunctionName = (typeof functions)[number]["name"];

/** The assembled functions; every argument is a number: an address or stride in bytes, or a count. */
export type SimdFunctions = { readonly [Name in FunctionName]: (...values: number[]) => void };

/** Places for intermediate results, kept and grown from call to call. */
export type ScratchName = "input" | "weights" | "tiles" | "gradient" | "paddedGradient" | "output";

/** Our functions on the memory of the wasm backend, where tensors are plain addresses. Whoever asks for memory that is not there gets an Error. */
export interface SimdHost {
  readonly run: SimdFunctions;
  /** Address of a tensor's values. */
  address(tensor: tf.TensorInfo): number;
  /** A new float32 tensor, not cleared. */
  create(shape: readonly number[]): tf.TensorInfo;
  /** The numbers of a float32 tensor where they lie: valid until memory is asked for again. */
  numbers(tensor: tf.TensorInfo, length: number): Float32Array;
  /** Address of at least `bytes` bytes, valid until the same name is asked for again. */
  scratch(name: ScratchName, bytes: number): number;
  /** Address of as many bytes for good, until they are freed. */
  allocate(bytes: number): number;
  free(address: number): void;
  /** Address of the byte offsets of batch × rows × columns places, as a list of 32-bit integers. */
  offsets(counts: readonly [number, number, number], strides: readonly [number, number, number]): number;
}

interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  grow(pages: number): number;
}

/** What we use of the wasm backend of tfjs beyond its published type. */
interface WasmBackend {
  readonly wasm: Allocator & { readonly asm: { readonly [name: string]: unknown } };
  makeOutput(shape: readonly number[], dtype: "float32"): tf.TensorInfo;
  getMemoryOffset(dataId: object): number;
}

/** The part of the WebAssembly interface that exists in Node and in browsers alike. */
interface WebAssemblyInterface {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: SimdFunctions } }>;
}

const isMemory = (value: unknown): value is WasmMemory =>
  typeof value === "object" && value !== null && "buffer" in value && "grow" in value;

const offsetBytesLimit = 1 << 24;
/** So many tables an operation has in hand at most: they stay, however large they are. */
const tablesInHand = 4;

/** Assembles the functions and binds them to the memory of `backend`, which from then on refuses to give what it has not. */
export async function createSimdHost(backend: unknown): Promise<SimdHost> {
  const { wasm } = backend as WasmBackend;
  const memory = Object.values(wasm.asm).find(isMemory);
  if (memory === undefined) throw new Error("expected the wasm backend to export its memory, got none");
  refuseNoMemory(wasm, memory);
  const api = (globalThis as unknown as { WebAssembly: WebAssemblyInterface }).WebAssembly;
  const shared = !(memory.buffer instanceof ArrayBuffer);
  const { instance } = await api.instantiate(assembleModule(functions, shared), { environment: { memory } });

  const scratches = new Map<ScratchName, { address: number; bytes: number }>();
  const tables = new Map<string, { address: number; bytes: number }>();
  let tableBytes = 0;
  const allocate = (bytes: number): number => wasm._malloc(bytes);

  const address = (tensor: tf.TensorInfo): number => (backend as WasmBackend).getMemoryOffset(tensor.dataId);
  return {
    run: instance.exports,
    address,
    numbers: (tensor, length) => new Float32Array(memory.buffer, address(tensor), length),
    create: (shape) => (backend as WasmBackend).makeOutput(shape, "float32"),
    allocate,
    free: (address) => wasm._free(address),
    scratch(name, bytes) {
      const found = scratches.get(name);
      if (found !== undefined && found.bytes >= bytes) return found.address;
      if (found !== undefined) {
        wasm._free(found.address);
        scratches.delete(name);
      }
      const address = allocate(bytes);
      scratches.set(name, { address, bytes });
      return address;
    },
    offsets(counts, strides) {
      const key = `${counts.join()}/${strides.join()}`;
      const found = tables.get(key);
      if (found !== undefined) {
        // The table used last is the last of the map.
        tables.delete(key);
        tables.set(key, found);
        return found.address;
      }
      const [batch, rows, columns] = counts;
      const bytes = batch * rows * columns * 4;
      for (const [oldest, table] of tables) {
        if (tableBytes + bytes <= offsetBytesLimit || tables.size < tablesInHand) break;
        wasm._free(table.address);
        tables.delete(oldest);
        tableBytes -= table.bytes;
      }
      const address = allocate(bytes);
      tables.set(key, { address, bytes });
      tableBytes += bytes;
      const values = new Int32Array(memory.buffer, address, batch * rows * columns);
      let next = 0;
      for (let b = 0; b < batch; b++) {
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) values[next++] = b * strides[0] + i * strides[1] + j * strides[2];
        }
      }
      return address;
    },
  };
}

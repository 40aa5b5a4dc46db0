import { assembleModule, type AssembledFunction } from "./module.ts";

/** Memory of WebAssembly: growing it detaches the old `buffer`. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB. */
  grow(pages: number): number;
}

/** The part of the WebAssembly interface that exists in Node and in browsers alike. */
interface WebAssemblyInterface {
  readonly Memory: new (limits: { readonly initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

export const pageBytes = 65536;

/** Functions of numbers, by name, on memory of their own. Assembled, compiled and ready on return. */
export function instantiate<Name extends string>(
  functions: readonly AssembledFunction<Name>[],
  pages: number,
): { readonly memory: WasmMemory; readonly run: { readonly [Each in Name]: (...values: number[]) => void } } {
  const api = (globalThis as unknown as { WebAssembly: WebAssemblyInterface }).WebAssembly;
  const memory = new api.Memory({ initial: pages });
  const module = new api.Module(assembleModule(functions, false));
  const { exports } = new api.Instance(module, { environment: { memory } });
  return { memory, run: exports as { readonly [Each in Name]: (...values: number[]) => void } };
}

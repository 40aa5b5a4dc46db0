import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { InputError } from "../core/index.ts";
import { registerWasmKernels } from "./wasm-kernels.ts";
import { readAtOnce, type MapNow } from "./webgpu-reads.ts";

/** What can carry the tensors; this file alone chooses. */
export type BackendName = "wasm" | "cpu" | "webgpu";

/** Where a page finds the binaries of the wasm backend, by their published file names. */
export type WasmPaths = {
  readonly [
    File in "tfjs-backend-wasm.wasm" | "tfjs-backend-wasm-simd.wasm" | "tfjs-backend-wasm-threaded-simd.wasm"
  ]?: string;
};

export interface BackendOptions {
  /** A folder (ending in a slash) or one address per binary. Node finds its own without it. */
  readonly wasmPath?: string | WasmPaths;
  /** How tensors on a graphics card are read outside a page; the package of the backend must be loaded already. */
  readonly mapNow?: MapNow;
}

/**
 * Makes `choice` the backend of every tensor to come. "auto" takes wasm and falls back to cpu, which is
 * hundreds of times slower: the caller should say so when that is what it got.
 * @returns the backend in use.
 * @throws InputError when a backend asked for by name is not available.
 */
export async function initializeBackend(
  choice: BackendName | "auto",
  options: BackendOptions = {},
): Promise<BackendName> {
  // tfjs forgets where its binaries are when they are loaded already, and says so with an error.
  if (options.wasmPath !== undefined && tf.findBackend("wasm") === null) setWasmPaths(options.wasmPath);
  for (const name of choice === "auto" ? (["wasm", "cpu"] as const) : [choice]) {
    if (await canUse(name, options)) return name;
  }
  const wanted = choice === "auto" ? "wasm or cpu" : choice;
  throw new InputError(`backend: expected one that runs here, got ${wanted}, which does not start.`);
}

async function canUse(name: BackendName, { mapNow }: BackendOptions): Promise<boolean> {
  if (!tf.engine().backendNames().includes(name)) return false;
  try {
    if (!(await tf.setBackend(name))) return false;
    // Fails where the machine has no SIMD: training there would be as slow as on cpu.
    if (name === "wasm") await registerWasmKernels();
    if (name === "webgpu" && mapNow !== undefined) readAtOnce(mapNow);
    return true;
  } catch {
    return false;
  }
}

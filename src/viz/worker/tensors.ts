import plainUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simdUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import type * as thinking from "./thinking.ts";

/** All that needs tensors: trained drivers, the costs of a pixel state, and what is imagined. */
export type Tensors = typeof thinking & {
  /** Whether there is WebAssembly; without it there is no time to imagine. */
  readonly swift: boolean;
};

/**
 * Loads tensor code and its backend, apart from the worker's first lines: traffic need not wait for them.
 * @param base address against which the backend's binaries are found.
 */
export async function loadTensors(base: string): Promise<Tensors> {
  const [{ initializeBackend }, thinking] = await Promise.all([
    import("../../tensor/index.ts"),
    import("./thinking.ts"),
  ]);
  const address = (url: string): string => new URL(url, base).href;
  const backend = await initializeBackend("auto", {
    wasmPath: {
      "tfjs-backend-wasm.wasm": address(plainUrl),
      "tfjs-backend-wasm-simd.wasm": address(simdUrl),
      // Threads need headers that few servers send; a batch of one gains nothing by them.
      "tfjs-backend-wasm-threaded-simd.wasm": address(simdUrl),
    },
  });
  return { ...thinking, swift: backend === "wasm" };
}

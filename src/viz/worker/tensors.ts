import plainUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simdUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import { createUnbentDriver, type Driver, type PixelSpec, type VehicleShape } from "../../sim/index.ts";
import type { Snapshot } from "../protocol.ts";

/** What needs tensors: trained drivers and the costs of a pixel state. */
export interface Tensors {
  /** What a visitor should know about how tensors are computed here. */
  readonly note: string | null;
  loadDriver(bytes: Uint8Array, where: string): Driver;
  costsOf(pixels: Uint8Array, spec: PixelSpec, shape: VehicleShape, speed: number): Snapshot["costs"];
}

/**
 * Loads tensor code and its backend, apart from the worker's first lines: traffic need not wait for them.
 * @param base address against which the backend's binaries are found.
 */
export async function loadTensors(base: string): Promise<Tensors> {
  const [{ initializeBackend }, { createPolicyDriver, loadPolicy }, { pixelStateCosts }] = await Promise.all([
    import("../../tensor/index.ts"),
    import("../../policy/index.ts"),
    import("./costs.ts"),
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
  return {
    note:
      backend === "wasm"
        ? null
        : "No WebAssembly here: trained drivers think in plain JavaScript, which may be too slow to keep up.",
    // What it learned from was straight.
    loadDriver: (bytes, where) => createUnbentDriver(createPolicyDriver(loadPolicy(bytes, where))),
    costsOf: pixelStateCosts,
  };
}

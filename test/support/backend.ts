import { beforeAll } from "vitest";
import { initializeBackend } from "../../src/tensor/index.ts";

/** Runs the tests of a file on the wasm backend, as training does. */
export function useWasm(): void {
  beforeAll(async () => {
    await initializeBackend("wasm");
  });
}

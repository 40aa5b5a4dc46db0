import { setImmediate } from "node:timers/promises";
import { initializeBackend, type BackendName } from "../tensor/index.ts";
import type { BackendChoice } from "./options.ts";

let graphics: Promise<void> | undefined;

/**
 * Makes `choice` the backend of this thread, WebGPU through Dawn included.
 * @param note told what a user should know about it
 * @returns the backend in use
 * @throws InputError when one asked for by name does not start here
 */
export async function startBackend(choice: BackendChoice, note = onStandardError): Promise<BackendName> {
  if (choice !== "webgpu") return initializeBackend(choice);
  const { mapNow, provideWebGpu } = await import("./webgpu/dawn.ts");
  await (graphics ??= provideWebGpu().then(({ adapter, software }) => {
    if (software)
      note(`${adapter} is a program in place of a graphics card, far slower than --backend wasm.`);
  }));
  const backend = await initializeBackend(choice, { mapNow });
  // What Dawn still has to do for the start, or the first read would find it busy.
  await setImmediate();
  return backend;
}

const onStandardError = (line: string): void => void process.stderr.write(line + "\n");

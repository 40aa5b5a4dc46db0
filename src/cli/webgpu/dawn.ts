import { InputError } from "../../core/index.ts";
import type { MappableBuffer } from "../../tensor/index.ts";

/** What is to be installed for it. */
const packages = "webgpu @tensorflow/tfjs-backend-webgpu";

/**
 * Brings WebGPU to Node through Dawn and registers the backend of TensorFlow.js that uses it.
 * @returns name of the adapter, and whether it is a program in place of a graphics card
 * @throws InputError when a package or an adapter is missing
 */
export async function provideWebGpu(): Promise<{ readonly adapter: string; readonly software: boolean }> {
  const gpu = await loadDawn();
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) {
    throw new InputError(
      "--backend webgpu: expected a graphics card with a driver for Vulkan, Metal or Direct3D 12, got none.",
    );
  }
  // The backend asks for it as a page does. Node 21 and later have a navigator without graphics.
  const navigator = { gpu };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true, writable: true });
  await import("@tensorflow/tfjs-backend-webgpu").catch(missing);
  const { description, vendor, isFallbackAdapter } = adapter.info;
  return { adapter: description || vendor, software: isFallbackAdapter };
}

async function loadDawn(): Promise<GPU> {
  const { create, globals } = await import("webgpu").catch(missing);
  Object.assign(globalThis, globals);
  return create([]);
}

function missing(error: unknown): never {
  throw new InputError(
    `--backend webgpu: expected its packages to load, got "${(error as Error).message.split("\n")[0]!}"; ` +
      `npm install --no-save ${packages} adds them.`,
  );
}

/** Between two looks at a buffer: a program in place of a graphics card needs the processor meanwhile. */
const pauseMilliseconds = 0.05;
const nothing = new Int32Array(new SharedArrayBuffer(4));

/**
 * Waits for a buffer to be mapped for reading. Dawn tells of what is done from callbacks that it hands to
 * `setImmediate`; here they are called on the spot instead of by the event loop.
 */
export function mapNow(buffer: MappableBuffer): void {
  const waiting: (() => void)[] = [];
  const original = globalThis.setImmediate;
  globalThis.setImmediate = ((callback: () => void) => waiting.push(callback)) as unknown as typeof original;
  try {
    // The state of the buffer says how it went.
    buffer.mapAsync(GPUMapMode.READ).catch(() => undefined);
    while (buffer.mapState === "pending") {
      const callback = waiting.shift();
      if (callback === undefined) throw new Error("expected one read at a time, got another one under way");
      callback();
      if (buffer.mapState === "pending") Atomics.wait(nothing, 0, 0, pauseMilliseconds);
    }
  } finally {
    globalThis.setImmediate = original;
    for (const callback of waiting) original(callback);
  }
  if (buffer.mapState !== "mapped")
    throw new Error("expected the graphics card's numbers, got a lost device");
}

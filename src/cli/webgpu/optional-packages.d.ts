/**
 * Packages that only WebGPU needs and nobody has to install (docs/decisions/0016-webgpu-in-node.md), as far as they are
 * used here.
 */
declare module "webgpu" {
  /** The entry to the graphics cards; `toggles` are Dawn's. */
  export function create(toggles: readonly string[]): GPU;
  /** The names that a page has globally: GPUBuffer, GPUBufferUsage … */
  export const globals: object;
}

/** Registers the backend "webgpu" on import, if `navigator.gpu` is there. */
declare module "@tensorflow/tfjs-backend-webgpu";

import * as tf from "@tensorflow/tfjs";
import { conv2dBackpropFilter } from "./kernels/conv2d-backprop-filter.ts";

let registered = false;

/** Registers the training kernels that the wasm backend lacks; a second call does nothing. */
export function registerWasmKernels(): void {
  if (registered) return;
  registered = true;
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: conv2dBackpropFilter,
  });
}

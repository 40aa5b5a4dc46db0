import * as tf from "@tensorflow/tfjs";
import { clampKernels, registerClampGradient } from "./kernels/clamp.ts";
import { convolutionKernels } from "./kernels/convolution.ts";
import { fusedConvolutionKernels, registerFusedConvolutionGradient } from "./kernels/fused-convolution.ts";
import { leakyReluKernels, registerLeakyReluGradient } from "./kernels/leaky-relu.ts";
import { matrixKernels } from "./kernels/matrix.ts";
import { movementKernels } from "./kernels/movement.ts";
import { registerSpaceToDepthGradients, spaceToDepthKernels } from "./kernels/space-to-depth.ts";
import {
  registerTransposedConvolutionGradient,
  transposedConvolutionKernels,
} from "./kernels/transposed-convolution.ts";
import { createSimdHost, type SimdHost } from "./simd/host.ts";

const backendName = "wasm";
let registered: Promise<void> | undefined;
let host: SimdHost | undefined;

/**
 * Puts our kernels in the place of those that the wasm backend, which must be the current one, lacks or has
 * slowly; a second call does nothing.
 */
export function registerWasmKernels(): Promise<void> {
  return (registered ??= register());
}

/** The memory of the wasm backend, or null while another backend carries the tensors. */
export function wasmHost(): SimdHost | null {
  return host !== undefined && tf.getBackend() === backendName ? host : null;
}

async function register(): Promise<void> {
  host = await createSimdHost(tf.backend());
  const originals = new Map(
    tf.getKernelsForBackend(backendName).map((kernel) => [kernel.kernelName, kernel]),
  );
  const original = (name: string): tf.KernelFunc => {
    const kernel = originals.get(name);
    if (kernel === undefined) throw new Error(`expected ${name} with channels last and no dilation`);
    return kernel.kernelFunc;
  };
  const table = {
    ...convolutionKernels(host, original),
    ...fusedConvolutionKernels(host),
    ...clampKernels(host),
    ...leakyReluKernels(host),
    ...matrixKernels(host, original),
    ...movementKernels(host, original),
    ...spaceToDepthKernels(host),
    ...transposedConvolutionKernels(host),
  };
  registerFusedConvolutionGradient();
  registerClampGradient();
  registerLeakyReluGradient();
  registerSpaceToDepthGradients();
  registerTransposedConvolutionGradient();
  for (const [kernelName, kernelFunc] of Object.entries(table)) {
    const setup = originals.get(kernelName)?.setupFunc;
    if (originals.has(kernelName)) tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ kernelName, backendName, kernelFunc, ...(setup && { setupFunc: setup }) });
  }
}

import * as tf from "@tensorflow/tfjs";
import type { SimdHost } from "../simd/host.ts";
import type { KernelTable } from "./table.ts";

const { sizeFromShape } = tf.util;

export const leakyReluName = "HeadwayLeakyRelu";
const gradientName = "HeadwayLeakyReluGradient";

/** The rectifier and its gradient, one pass over memory each, where tfjs takes three for the gradient. */
export function leakyReluKernels(host: SimdHost): KernelTable {
  return {
    [leakyReluName]: ({ inputs: { x }, attrs }) => {
      const y = host.create(x!.shape);
      host.run.leaky(
        host.address(y),
        host.address(x!),
        sizeFromShape(x!.shape),
        (attrs as { slope: number }).slope,
      );
      return y;
    },
    [gradientName]: ({ inputs: { dy, y }, attrs }) => {
      const dx = host.create(dy!.shape);
      const addresses = [dx, dy!, y!].map((tensor) => host.address(tensor));
      host.run.leakyGradient(...addresses, sizeFromShape(dy!.shape), (attrs as { slope: number }).slope);
      return dx;
    },
  };
}

export function registerLeakyReluGradient(): void {
  tf.registerGradient({
    kernelName: leakyReluName,
    outputsToSave: [true],
    gradFunc: (dy, [y], attrs) => ({
      x: () => tf.engine().runKernel(gradientName, { dy: dy as tf.Tensor, y }, attrs),
    }),
  });
}

import * as tf from "@tensorflow/tfjs";
import type { SimdHost } from "../simd/host.ts";
import type { KernelTable } from "./table.ts";

const { sizeFromShape } = tf.util;

const gradientName = "HeadwayClampGradient";

/** The gradient of `clipByValue` in one pass, where tfjs takes five kernels, three of them slow. */
export function clampKernels(host: SimdHost): KernelTable {
  return {
    [gradientName]: ({ inputs: { dy, x }, attrs }) => {
      const { clipValueMin, clipValueMax } = attrs as { clipValueMin: number; clipValueMax: number };
      const dx = host.create(dy!.shape);
      const addresses = [dx, dy!, x!].map((tensor) => host.address(tensor));
      host.run.clampGradient(...addresses, sizeFromShape(dx.shape), clipValueMin, clipValueMax);
      return dx;
    },
  };
}

/** Puts our gradient in the place of the one of tfjs, which stays in charge of the other backends. */
export function registerClampGradient(): void {
  const original = tf.getGradient("ClipByValue");
  tf.unregisterGradient("ClipByValue");
  tf.registerGradient({
    ...original,
    gradFunc: (dy, saved, attrs) => {
      if (!tf.getKernel(gradientName, tf.getBackend())) return original.gradFunc(dy, saved, attrs);
      return {
        x: () => tf.engine().runKernel(gradientName, { dy: dy as tf.Tensor, x: saved[0] }, attrs),
      };
    },
  });
}

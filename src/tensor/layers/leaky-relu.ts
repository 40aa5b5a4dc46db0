import * as tf from "@tensorflow/tfjs";
import { leakyReluName } from "../kernels/leaky-relu.ts";
import { checkSlope } from "./affine.ts";

/** x where it is positive, slope · x elsewhere; slope 0 is the plain rectifier. */
export function leakyRelu<T extends tf.Tensor>(x: T, slope = 0.2): T {
  checkSlope(slope);
  if (tf.getKernel(leakyReluName, tf.getBackend())) {
    return tf.engine().runKernel<T>(leakyReluName, { x }, { slope });
  }
  return slope === 0 ? tf.relu(x) : tf.leakyRelu(x, slope);
}

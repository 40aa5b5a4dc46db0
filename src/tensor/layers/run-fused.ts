import * as tf from "@tensorflow/tfjs";
import { gradientSums } from "../gradient-sums.ts";
import type { FusedAttributes, FusedNames } from "../kernels/fused.ts";

/**
 * Runs a linear operation, bias and leaky rectifier as one kernel; null where the backend has none. Within a rollout the
 * gradient of the filter is left to its sum.
 */
export function runFused<T extends tf.Tensor>(
  names: FusedNames,
  x: T,
  filter: tf.Tensor,
  bias: tf.Tensor | null,
  attributes: FusedAttributes,
): T | null {
  if (!tf.getKernel(names.forward, tf.getBackend())) return null;
  const shared = bias === null ? null : gradientSums().of(filter);
  const run = (name: string, inputs: object, attrs: object): T =>
    tf.engine().runKernel<T>(name, inputs as tf.NamedTensorMap, attrs as tf.NamedAttrMap);
  if (shared !== null) return run(names.ofRollout, { x, bias }, { ...attributes, ...shared });
  return run(names.forward, { x, filter, ...(bias !== null && { bias }) }, attributes);
}

/** max(x, slope·x) by the backend's own operations. */
export function rectified<T extends tf.Tensor>(x: T, slope: number): T {
  if (slope === 1) return x;
  return slope === 0 ? tf.relu(x) : tf.leakyRelu(x, slope);
}

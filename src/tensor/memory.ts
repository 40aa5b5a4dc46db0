import * as tf from "@tensorflow/tfjs";
import { wasmHost } from "./wasm-kernels.ts";

/** Copies the numbers of a float32 tensor to `into`, in one go where the backend's memory can be seen. */
export function readInto(tensor: tf.Tensor, into: Float32Array): void {
  into.set(wasmHost()?.numbers(tensor, into.length) ?? (tensor.dataSync() as Float32Array));
}

/** A new tensor of these numbers, which are copied, in one go where the backend's memory can be seen. */
export function tensorOf(values: Float32Array, shape: readonly number[]): tf.Tensor {
  const host = wasmHost();
  if (host === null) return tf.tensor(values.slice(), [...shape]);
  const info = host.create(shape);
  host.numbers(info, values.length).set(values);
  return tf.engine().makeTensorFromTensorInfo(info);
}

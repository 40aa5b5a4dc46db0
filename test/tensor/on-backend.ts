import * as tf from "@tensorflow/tfjs";
import { createRng } from "../../src/core/index.ts";
import { initializeBackend } from "../../src/tensor/index.ts";

/** Runs `f` on both backends and gives the numbers of every tensor it returns. */
export async function onBothBackends(
  f: () => tf.Tensor[],
): Promise<{ wasm: Float32Array[]; cpu: Float32Array[] }> {
  const run = async (name: "wasm" | "cpu") => {
    await initializeBackend(name);
    const values = tf.tidy(() => f().map((tensor) => tensor.dataSync<"float32">()));
    await initializeBackend("wasm");
    return values;
  };
  return { cpu: await run("cpu"), wasm: await run("wasm") };
}

/** Largest difference between two lists of arrays, relative to the largest value of each; 1 when sizes differ. */
export function worstDifference(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  if (a.length !== b.length) return 1;
  let worst = 0;
  a.forEach((values, i) => {
    const others = b[i];
    const scale = others.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
    if (values.length !== others.length) worst = 1;
    values.forEach((value, j) => {
      const difference = Math.abs(value - others[j]) / scale;
      worst = Math.max(worst, Number.isNaN(difference) ? 1 : difference);
    });
  });
  return worst;
}

/** A tensor of normal numbers that depend on `seed` alone. */
export function normals<Shape extends number[]>(seed: string, ...shape: Shape): tf.Tensor {
  const rng = createRng(seed);
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => rng.normal()),
    shape,
  );
}

/** The result of `f` and its gradients with respect to every input, under random weights on the result. */
export function withGradients(f: (...inputs: tf.Tensor[]) => tf.Tensor, ...inputs: tf.Tensor[]): tf.Tensor[] {
  const y = f(...inputs);
  const weights = normals("weights", ...y.shape);
  const grads = tf.grads((...xs: tf.Tensor[]) => tf.sum(tf.mul(f(...xs), weights)))(inputs);
  return [y, ...grads];
}

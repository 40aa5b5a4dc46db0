import * as tf from "@tensorflow/tfjs";

/**
 * Runs `f`, which gives numbers or typed arrays, and frees every tensor made on the way. To be used for `tf.tidy`
 * wherever the result holds long arrays: tidy looks for tensors in every entry of what it returns, and that
 * once took more than a third of a training step.
 */
export function numbersOf<T>(f: () => T): T {
  let numbers!: T;
  tf.tidy(() => {
    numbers = f();
  });
  return numbers;
}

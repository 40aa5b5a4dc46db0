import * as tf from "@tensorflow/tfjs";
import { clipGradient, type Adam } from "../../tensor/index.ts";
import type { PlannerConfig } from "./config.ts";
import type { Judge } from "./futures.ts";

/**
 * Gradient descent on action sequences through the imagined futures: each plan takes Adam steps of its own. The form of
 * Henaff, Canziani & LeCun, ICLR 2019 (planning by backpropagation), with bounds in place of clamping.
 * @param plans B plans of T pairs, before their bounds; overwritten
 * @param adams one per plan; what they remember is used and brought on
 */
export function descend(
  judge: Judge,
  plans: readonly Float32Array[],
  adams: readonly Adam[],
  { iterations, clip }: Pick<PlannerConfig["gradient"], "iterations" | "clip">,
): void {
  for (let i = 0; i < iterations; i++) {
    const gradients = gradientOf(judge, plans);
    plans.forEach((plan, b) => {
      const gradient = gradients.subarray(b * plan.length, (b + 1) * plan.length);
      if (Number.isFinite(clipGradient(gradient, clip))) adams[b]!.step(plan, gradient);
    });
  }
}

function gradientOf(judge: Judge, plans: readonly Float32Array[]): Float32Array {
  return tf.tidy(() => {
    // Plans do not meddle with each other: the gradient of the sum is that of each.
    const total = (x: tf.Tensor): tf.Scalar => tf.sum(judge(x as tf.Tensor3D));
    return tf.grad(total)(packPlans(plans)).dataSync() as Float32Array;
  }) as Float32Array;
}

/** B plans of T pairs → [B, T, 2]. */
export function packPlans(plans: readonly Float32Array[]): tf.Tensor3D {
  const size = plans[0]!.length;
  const packed = new Float32Array(plans.length * size);
  plans.forEach((plan, b) => packed.set(plan, b * size));
  return tf.tensor3d(packed, [plans.length, size / 2, 2]);
}

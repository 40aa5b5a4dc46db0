import * as tf from "@tensorflow/tfjs";
import { clipGradient, createAdam, type Adam } from "../../tensor/index.ts";
import type { DescentConfig } from "./config.ts";
import type { Judge } from "./futures.ts";
import { correlate, correlateBack } from "./smooth.ts";

/** What plans cost as they were and as they are, B numbers each. */
export interface Descent {
  readonly before: Float32Array;
  readonly after: Float32Array;
}

/** The optimizer of a plan of T pairs, fresh. */
export const adamOfPlan = (size: number, { learningRate, momentum }: DescentConfig): Adam =>
  createAdam(size, { learningRate, beta1: momentum });

/**
 * Gradient descent on action sequences through the imagined futures: each plan takes Adam steps of its own and stays at the
 * cheapest place that it came by, since steps of fixed size overshoot. The form of Henaff, Canziani & LeCun, ICLR 2019
 * (planning by backpropagation), with bounds in place of clamping; where there is `smoothness`, steps move neighboring actions together.
 * @param plans B plans of T pairs, before their bounds; overwritten
 * @param adams one per plan; what they remember is used and brought on
 */
export function descend(
  judge: Judge,
  plans: readonly Float32Array[],
  adams: readonly Adam[],
  { iterations, clip, smoothness }: DescentConfig,
): Descent {
  const starts = plans.map((plan) => plan.slice());
  const steps = plans.map((plan) => new Float32Array(plan.length));
  const best = plans.map((plan) => plan.slice());
  const before = new Float32Array(plans.length).fill(Infinity);
  const after = before.slice();
  const remember = (costs: Float32Array): void =>
    plans.forEach((plan, b) => {
      if (!(costs[b]! < after[b]!)) return;
      best[b]!.set(plan);
      after[b] = costs[b]!;
    });
  for (let i = 0; i < iterations; i++) {
    const { costs, gradients } = costsAndGradients(judge, plans);
    if (i === 0) before.set(costs);
    remember(costs);
    plans.forEach((plan, b) => {
      const gradient = gradients.subarray(b * plan.length, (b + 1) * plan.length);
      if (!Number.isFinite(clipGradient(gradient, clip))) return;
      adams[b]!.step(steps[b]!, correlateBack(gradient, smoothness));
      const deviations = correlate(steps[b]!, smoothness);
      deviations.forEach((deviation, j) => (plan[j] = starts[b]![j]! + deviation));
    });
  }
  const last = tf.tidy(() => judge(packPlans(plans)).dataSync() as Float32Array) as Float32Array;
  if (iterations === 0) before.set(last);
  remember(last);
  plans.forEach((plan, b) => plan.set(best[b]!));
  return { before, after };
}

function costsAndGradients(
  judge: Judge,
  plans: readonly Float32Array[],
): { readonly costs: Float32Array; readonly gradients: Float32Array } {
  let costs!: Float32Array;
  const gradients = tf.tidy(() => {
    // Plans do not meddle with each other: the gradient of the sum is that of each.
    const total = (x: tf.Tensor): tf.Scalar => {
      const each = judge(x as tf.Tensor3D);
      costs = each.dataSync() as Float32Array;
      return tf.sum(each);
    };
    return tf.grad(total)(packPlans(plans)).dataSync() as Float32Array;
  }) as Float32Array;
  return { costs, gradients };
}

/** B plans of T pairs → [B, T, 2]. */
export function packPlans(plans: readonly Float32Array[]): tf.Tensor3D {
  const size = plans[0]!.length;
  const packed = new Float32Array(plans.length * size);
  plans.forEach((plan, b) => packed.set(plan, b * size));
  return tf.tensor3d(packed, [plans.length, size / 2, 2]);
}

import * as tf from "@tensorflow/tfjs";
import type { DoubtName } from "./names.ts";

/** Mean and deviation of an epistemic variance at each rollout step, over training windows, T numbers each. */
export interface UsualVariance {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** What is usual for each variance that counts. */
export type UncertaintyCalibration = { readonly [Name in DoubtName]?: UsualVariance };

/** Unbiased variance over K replicas of the same numbers. */
export function epistemicVariance<Replica extends tf.Tensor>(replicas: readonly Replica[]): Replica {
  const mean = tf.div(tf.addN([...replicas]), replicas.length);
  const squares = replicas.map((replica) => tf.squaredDifference(replica, mean));
  return tf.div(tf.addN(squares), replicas.length - 1);
}

/**
 * The uncertainty cost, [T, B]: how far variances lie above what recorded driving shows at the same step,
 *
 *     U = Σ over variances of max(0, (V − μ_t) / σ_t − hinge)
 *
 * Henaff, Canziani & LeCun, ICLR 2019, section 3.2; hinge and sum are those of their code.
 * @throws Error for a variance of which nobody has measured what is usual
 */
export function uncertaintyCost(
  variances: { readonly [Name in DoubtName]?: tf.Tensor2D },
  calibration: UncertaintyCalibration,
  hinge: number,
): tf.Tensor2D {
  const terms = Object.entries(variances).map(([name, variance]) => {
    const usual = calibration[name as DoubtName];
    if (usual === undefined) throw new Error(`uncertaintyCost: the usual variance of ${name} is not known.`);
    const steps = usual.mean.length;
    const mean = tf.tensor2d([...usual.mean], [steps, 1]);
    const deviation = tf.tensor2d([...usual.deviation], [steps, 1]);
    return tf.relu(tf.sub(tf.div(tf.sub(variance, mean), deviation), hinge));
  });
  return tf.addN(terms) as tf.Tensor2D;
}

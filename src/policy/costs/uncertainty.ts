import * as tf from "@tensorflow/tfjs";

/** Mean and deviation of the epistemic variance at each rollout step, over training windows, T numbers each. */
export interface UncertaintyCalibration {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Unbiased variance over the K replicas of a cost, K × [T, B] → [T, B]. */
export function epistemicVariance(costs: readonly tf.Tensor2D[]): tf.Tensor2D {
  const mean = tf.div(tf.addN([...costs]), costs.length);
  const squares = costs.map((cost) => tf.squaredDifference(cost, mean));
  return tf.div(tf.addN(squares), costs.length - 1);
}

/**
 * The uncertainty cost, [T, B]: how far the variance lies above what recorded driving shows at the same step,
 *
 *     U = max(0, (V − μ_t) / σ_t − hinge)
 *
 * Henaff, Canziani & LeCun, ICLR 2019, section 3.2; the hinge is that of their code.
 */
export function uncertaintyCost(
  variance: tf.Tensor2D,
  calibration: UncertaintyCalibration,
  hinge: number,
): tf.Tensor2D {
  const mean = tf.tensor2d([...calibration.mean], [calibration.mean.length, 1]);
  const deviation = tf.tensor2d([...calibration.deviation], [calibration.deviation.length, 1]);
  return tf.relu(tf.sub(tf.div(tf.sub(variance, mean), deviation), hinge));
}

import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import { disposeNoise, rollOut, type ForwardModel } from "../forward-model/index.ts";
import { pixelSpecs } from "../sim/index.ts";
import type { PolicyConfig } from "./config.ts";
import type { UncertaintyCalibration, UsualVariance } from "./costs/index.ts";
import { replicateNoise, replicateStart } from "./replicas.ts";
import { variancesOf } from "./uncertainty.ts";
import { recordedActions, type PolicyWindows } from "./windows.ts";
import { formulas } from "./world-costs.ts";

/**
 * What variances are usual: mean and deviation of each that counts, at each step over training windows with the recorded
 * actions. `windows` must hold only windows with a recorded future.
 */
export function calibrateUncertainty(
  model: ForwardModel,
  config: PolicyConfig,
  batches: Iterable<PolicyWindows>,
  rng: Rng,
  price = formulas(config),
): UncertaintyCalibration {
  const steps = config.horizonSteps;
  const { masks, of, normalization } = config.uncertainty;
  const spec = pixelSpecs[model.config.pixels];
  const sums = of.map((name) => ({ name, ...newSums(steps) }));
  let count = 0;
  for (const windows of batches) {
    const everyone = windows.frames.map((_, b) => b);
    const replication = { count: windows.count, doubted: everyone, masks };
    const start = replicateStart(windows, replication);
    const noise = replicateNoise(model.config, replication, steps, rng, count);
    const imagination = model.imagine(start, steps, noise);
    tf.tidy(() => {
      const recorded = (_: unknown, t: number): tf.Tensor2D => {
        const actions = tf.tensor2d(recordedActions(windows, model.config, t), [windows.count, 2]);
        return tf.tile(actions, [masks + 1, 1]);
      };
      const { steps: imagined } = rollOut(imagination, steps, recorded, 0);
      const variances = variancesOf(spec, imagined, price(spec, start, imagined), config, replication);
      for (const { name, sum, squares } of sums) {
        variances[name]!.dataSync().forEach((value, n) => {
          const t = Math.floor(n / windows.count);
          sum[t]! += value;
          squares[t]! += value * value;
        });
      }
    });
    disposeNoise(noise);
    count += windows.count;
  }
  return Object.fromEntries(
    sums.map(({ name, sum, squares }) => {
      const usual = { sum, squares };
      return [name, usualOf(normalization === "step" ? usual : overRollout(usual), count)];
    }),
  );
}

/** Σ V and Σ V² at each step. */
type Sums = { readonly sum: Float64Array; readonly squares: Float64Array };

const newSums = (steps: number): Sums => ({
  sum: new Float64Array(steps),
  squares: new Float64Array(steps),
});

/** The same for every step: the mean over steps. */
function overRollout({ sum, squares }: Sums): Sums {
  const flat = (values: Float64Array): Float64Array =>
    new Float64Array(values.length).fill(values.reduce((total, value) => total + value, 0) / values.length);
  return { sum: flat(sum), squares: flat(squares) };
}

function usualOf({ sum, squares }: Sums, count: number): UsualVariance {
  const mean = Array.from(sum, (value) => value / count);
  const deviation = Array.from(squares, (value, t) =>
    Math.sqrt(Math.max(value / count - mean[t]! ** 2, 1e-12)),
  );
  return { mean, deviation };
}

import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import {
  disposeNoise,
  drawNoise,
  egoStateColumns,
  rollOut,
  type ForwardModel,
} from "../forward-model/index.ts";
import { pixelSpecs } from "../sim/index.ts";
import { clipGradient, createAdam, valueAndGradient } from "../tensor/index.ts";
import type { PolicyConfig } from "./config.ts";
import { createCostRegressor, pricedScenes, type CostRegressor } from "./cost-regressor.ts";
import { worldCostNames } from "./costs/index.ts";
import { steerWith } from "./network.ts";
import type { PolicyWindows } from "./windows.ts";
import { worldCosts, type WorldCosts } from "./world-costs.ts";

/** A regressor, and how much of the variance of each cost it explained in the scenes of the last batches, before it learned them. */
export interface LearnedCosts {
  readonly regressor: CostRegressor;
  readonly explained: WorldCosts<number>;
}

/** Deviations of the acceleration and the lateral acceleration that an ego holds while it is watched [m/s²]. */
const wildness = [1.5, 0.4];
/** Typical deviations of the three costs, which make their errors count alike. */
const typical = [1, 0.3, 0.3];
/** Largest norm of a gradient. */
const clip = 1;

/**
 * Teaches a regressor the formulas' costs of imagined scenes: one Adam step per batch of windows, in which egos hold
 * actions at random, so that it has seen more than what anybody means to do. After the cost model of Henaff, Canziani &
 * LeCun, ICLR 2019; theirs squashes its output below one and learns along recorded actions.
 */
export function learnCosts(
  model: ForwardModel,
  config: PolicyConfig,
  batches: Iterable<PolicyWindows>,
  rng: Rng,
): LearnedCosts {
  const spec = pixelSpecs[model.config.pixels];
  const regressor = createCostRegressor(spec, rng.fork("parameters"));
  const { parameters } = regressor;
  const values = parameters.read();
  const gradient = new Float32Array(parameters.size);
  const adam = createAdam(parameters.size, { learningRate: config.costs.learningRate });
  const fits: Fit[] = [];
  let batch = 0;
  for (const windows of batches) {
    const own = rng.fork(`batch ${batch++}`);
    const steps = config.horizonSteps;
    const noise = drawNoise(model.config, { batch: windows.count, steps, dropout: false }, own.fork("noise"));
    const imagination = model.imagine(windows, steps, noise);
    tf.tidy(() => {
      const wild = tf.tensor2d(
        windows.frames.map(() => wildness.map((deviation) => deviation * own.normal())),
      );
      const act = ({ states }: { readonly states: readonly tf.Tensor2D[] }): tf.Tensor2D =>
        steerWith(wild, states.at(-1)!, egoStateColumns.speed);
      const { steps: imagined } = rollOut(imagination, steps, act);
      const exact = worldCosts(spec, windows, imagined, config.proximity);
      const target = tf.stack(
        worldCostNames.map((name) => tf.reshape(exact[name], [-1])),
        1,
      ) as tf.Tensor2D;
      const { views, about } = pricedScenes(spec, windows, imagined);
      valueAndGradient(
        () => {
          const found = regressor.costs(views, about);
          fits.push(fitOf(found, target));
          return tf.mean(tf.square(tf.div(tf.sub(found, target), tf.tensor1d(typical))));
        },
        parameters,
        gradient,
      );
    });
    disposeNoise(noise);
    if (!Number.isFinite(clipGradient(gradient, clip))) continue;
    adam.step(values, gradient);
    parameters.write(values);
  }
  return { regressor, explained: explainedBy(fits.slice(-10)) };
}

/** Sums over the scenes of a batch, column by column. */
interface Fit {
  readonly count: number;
  readonly errors: ArrayLike<number>;
  readonly sums: ArrayLike<number>;
  readonly squares: ArrayLike<number>;
}

const fitOf = (found: tf.Tensor2D, target: tf.Tensor2D): Fit => ({
  count: target.shape[0],
  errors: tf.sum(tf.squaredDifference(found, target), 0).dataSync(),
  sums: tf.sum(target, 0).dataSync(),
  squares: tf.sum(tf.square(target), 0).dataSync(),
});

/** 1 − squared error over variance: 1 where all is explained, 0 or less where the mean would have done. */
function explainedBy(fits: readonly Fit[]): LearnedCosts["explained"] {
  const total = (of: (fit: Fit) => number): number => fits.reduce((sum, fit) => sum + of(fit), 0);
  const count = total((fit) => fit.count);
  const of = (column: number): number => {
    const mean = total(({ sums }) => sums[column]!) / count;
    const variance = total(({ squares }) => squares[column]!) - count * mean ** 2;
    return 1 - total(({ errors }) => errors[column]!) / Math.max(variance, 1e-12);
  };
  return { proximity: of(0), lane: of(1), offroad: of(2) };
}

import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import { egoStateColumns, egoStateSize, type ImaginedStep } from "../forward-model/index.ts";
import { channelCount, type PixelSpec } from "../sim/index.ts";
import {
  conv,
  createParameters,
  dense,
  leakyRelu,
  type Parameters,
  type ParameterSpecs,
} from "../tensor/index.ts";
import { worldCostNames } from "./costs/index.ts";
import { ownView } from "./own-view.ts";
import type { EgoSizes } from "./replicas.ts";
import type { WorldCosts } from "./world-costs.ts";

/** A small network that has learned what driving costs: an ego's view, speed and size → its world costs. */
export interface CostRegressor {
  readonly parameters: Parameters<ParameterSpecs>;
  /** What N egos with their speeds and sizes [N, 3] pay for what they see, [N, H, W, C]: [N, 3], as in `worldCostNames`. */
  costs(views: tf.Tensor4D, about: tf.Tensor2D): tf.Tensor2D;
}

/** Ordinary speed [m/s], length and width [m]: so that the network works with numbers near one. */
const scales = [10, 5, 2];
const [c1, c2] = [12, 24];
const hidden = 48;
/** Of the leaky rectifiers: a cost that is zero shall still say which way it would rise. */
const slope = 0.1;

export function createCostRegressor({ height, width }: PixelSpec, rng: Rng): CostRegressor {
  const cells = Math.ceil(height / 4) * Math.ceil(width / 4) * c2;
  const parameters = createParameters<ParameterSpecs>(
    {
      conv1: { shape: [4, 4, channelCount, c1], initialize: "he" },
      conv1Bias: { shape: [c1], initialize: "zeros" },
      conv2: { shape: [4, 4, c1, c2], initialize: "he" },
      conv2Bias: { shape: [c2], initialize: "zeros" },
      seen: { shape: [cells, hidden], initialize: "lecun" },
      about: { shape: [scales.length, hidden], initialize: "lecun" },
      bothBias: { shape: [hidden], initialize: "zeros" },
      price: { shape: [hidden, worldCostNames.length], initialize: "lecun" },
      priceBias: { shape: [worldCostNames.length], initialize: "zeros" },
    },
    rng,
  );
  const v = parameters.variables as { readonly [name: string]: tf.Variable };
  return {
    parameters,
    costs(views, about) {
      const h1 = conv(views, v["conv1"]!, v["conv1Bias"]!, { strides: 2, slope });
      const h2 = conv(h1, v["conv2"]!, v["conv2Bias"]!, { strides: 2, slope });
      const seen = dense(tf.reshape(h2, [-1, cells]), v["seen"]!, v["bothBias"]!);
      const known = dense(tf.div(about, tf.tensor1d(scales)), v["about"]!, null);
      const both = leakyRelu(tf.add<tf.Tensor2D>(seen, known), slope);
      return tf.softplus(dense(both, v["price"]!, v["priceBias"]!));
    },
  };
}

/** What the egos of T imagined steps see, and their speeds and sizes, T·N rows, time first; speeds are constants. */
export function pricedScenes(
  spec: PixelSpec,
  sizes: EgoSizes,
  steps: readonly ImaginedStep[],
): { readonly views: tf.Tensor4D; readonly about: tf.Tensor2D } {
  const N = sizes.length.length;
  const about = steps.map(({ state }) => {
    const numbers = state.dataSync();
    const rows = Array.from({ length: N }, (_, n) => [
      numbers[n * egoStateSize + egoStateColumns.speed]!,
      sizes.length[n]!,
      sizes.width[n]!,
    ]);
    return tf.tensor2d(rows);
  });
  const views = steps.map(({ scene }) => ownView(spec, scene));
  return { views: tf.concat(views, 0), about: tf.concat(about, 0) };
}

/** As `worldCosts`, from the network instead of the formulas. */
export function learnedCosts(
  regressor: CostRegressor,
  spec: PixelSpec,
  sizes: EgoSizes,
  steps: readonly ImaginedStep[],
): WorldCosts {
  const { views, about } = pricedScenes(spec, sizes, steps);
  const [proximity, lane, offroad] = tf
    .split(regressor.costs(views, about), worldCostNames.length, 1)
    .map((cost): tf.Tensor2D => tf.reshape(cost, [steps.length, sizes.length.length])) as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  return { proximity, lane, offroad };
}

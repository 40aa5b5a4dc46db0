import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import { rollOut, stepSeconds, type ForwardModelConfig } from "../forward-model/index.ts";
import { PolicyConfig, worldCosts, type WorldCosts } from "../policy/index.ts";
import { pixelSpecs } from "../sim/index.ts";
import { driveExactly, exactCosts } from "./exact.ts";
import { movedStates, type Future } from "./futures.ts";
import { bootstrap, correlation, deviation, pick } from "./statistics.ts";
import {
  actionsFromNow,
  changedActions,
  slowestSteering,
  speedsAtNow,
  type ActionChange,
  type ExaminedWindows,
  type WindowSource,
} from "./windows.ts";

/**
 * What is differentiated: the mean over the horizon of one cost, with respect to a constant change of one action.
 * Steering is measured as lateral acceleration, so that slow and fast windows weigh alike.
 */
const gradientQuestions = [
  { action: "acceleration", cost: "proximity" },
  { action: "steering", cost: "proximity" },
  { action: "steering", cost: "ground" },
] as const;
type Question = (typeof gradientQuestions)[number];

/** Derivatives of B windows or more at one horizon, in the order of `gradientQuestions`. */
export interface Derivatives {
  readonly predicted: readonly number[][];
  readonly exact: readonly number[][];
}

/** How well the derivatives that a policy learns from agree with those of simulator and renderer. */
export interface GradientRow {
  readonly action: Question["action"];
  readonly cost: Question["cost"];
  readonly seconds: number;
  readonly windows: "ordinary" | "perturbed";
  /** Over windows, with its 95 % bootstrap interval. */
  readonly correlation: number;
  readonly low: number;
  readonly high: number;
  /** Deviation of the predicted derivatives over that of the exact ones. */
  readonly ratio: number;
  /** Share of equal signs among the windows whose exact derivative is at least a tenth of its deviation. */
  readonly sameSign: number;
  readonly count: number;
}

/** How far the two ends of a finite difference lie from its middle at the end of the horizon [m]: a third of a pixel. */
const displacement = 0.3;
/** At short horizons the change is bounded by what drivers do [m/s²]. */
const largestChange = 0.5;
/** What the ground costs a policy, with the weights that it learns on unless told otherwise. */
const groundWeights = (): { readonly lane: number; readonly offroad: number } =>
  PolicyConfig.parse({}).weights;

/** Derivatives of one batch over the first `steps` steps, by the tensor code and by the simulator. */
export function costDerivatives(
  source: WindowSource,
  windows: ExaminedWindows,
  future: Future,
  steps: number,
): Derivatives {
  const actions = actionsFromNow(windows).slice(0, steps);
  const weights = groundWeights();
  const proximity = predictedDerivatives(
    source.config,
    windows,
    future,
    actions,
    ({ proximity }) => proximity,
  );
  const ground = predictedDerivatives(source.config, windows, future, actions, ({ lane, offroad }) =>
    tf.add(tf.mul(lane, weights.lane), tf.mul(offroad, weights.offroad)),
  );
  const exactAlong = exactDerivatives(source, windows, actions, "acceleration");
  const exactAcross = exactDerivatives(source, windows, actions, "lateral");
  return {
    predicted: [proximity.acceleration, proximity.lateral, ground.lateral],
    exact: [exactAlong.proximity, exactAcross.proximity, exactAcross.ground],
  };
}

function predictedDerivatives(
  config: ForwardModelConfig,
  windows: ExaminedWindows,
  future: Future,
  actions: readonly Float32Array[],
  costOf: (costs: WorldCosts) => tf.Tensor2D,
): { acceleration: number[]; lateral: number[] } {
  const { count } = windows;
  const gradient = future(windows, actions.length, (imagination) =>
    tf.tidy(() =>
      tf
        .grad((change) => {
          const act = (_: unknown, t: number): tf.Tensor2D =>
            tf.add(tf.tensor2d(actions[t]!, [count, 2]), change);
          const { steps } = rollOut(imagination, actions.length, act, 0);
          const cost = costOf(worldCosts(pixelSpecs[config.pixels], windows, steps));
          return tf.div(tf.sum(cost), actions.length);
        })(tf.zeros([count, 2]))
        .dataSync(),
    ),
  );
  const speeds = speedsAtNow(windows, slowestSteering);
  return {
    acceleration: Array.from({ length: count }, (_, b) => gradient[2 * b]!),
    lateral: Array.from({ length: count }, (_, b) => gradient[2 * b + 1]! / speeds[b]! ** 2),
  };
}

function exactDerivatives(
  source: WindowSource,
  windows: ExaminedWindows,
  actions: readonly Float32Array[],
  of: keyof ActionChange,
): { proximity: number[]; ground: number[] } {
  const { config } = source;
  const seconds = actions.length * stepSeconds(config);
  const size = Math.min(largestChange, (2 * displacement) / seconds ** 2);
  const weights = groundWeights();
  const masks = movedStates(windows, actions, config.stepFrames);
  const costs = (sign: number): WorldCosts<Float32Array> => {
    const change = { acceleration: 0, lateral: 0, [of]: sign * size };
    const driven = driveExactly(source, windows, changedActions(windows, actions, change));
    return exactCosts(source, windows, driven, masks);
  };
  const [up, down] = [costs(1), costs(-1)];
  const slope = (value: (costs: WorldCosts<Float32Array>, i: number) => number): number[] =>
    Array.from({ length: windows.count }, (_, b) => {
      let sum = 0;
      for (let t = 0; t < actions.length; t++) {
        const i = t * windows.count + b;
        sum += value(up, i) - value(down, i);
      }
      return sum / actions.length / (2 * size);
    });
  return {
    proximity: slope(({ proximity }, i) => proximity[i]!),
    ground: slope(({ lane, offroad }, i) => weights.lane * lane[i]! + weights.offroad * offroad[i]!),
  };
}

/** Joins the derivatives of several batches. */
export function joinDerivatives(batches: readonly Derivatives[]): Derivatives {
  const join = (side: keyof Derivatives): number[][] =>
    gradientQuestions.map((_, q) => batches.flatMap((batch) => batch[side][q]!));
  return { predicted: join("predicted"), exact: join("exact") };
}

/** Rows of all questions at one horizon. */
export function gradientRows(
  { predicted, exact }: Derivatives,
  seconds: number,
  windows: GradientRow["windows"],
  rng: Rng,
): GradientRow[] {
  return gradientQuestions.map(({ action, cost }, q) => {
    const p = predicted[q]!;
    const e = exact[q]!;
    const { value, low, high } = bootstrap(
      p.length,
      (units) => correlation(pick(p, units), pick(e, units)),
      rng.fork(`${action}/${cost}/${seconds}/${windows}`),
    );
    const spread = deviation(e);
    const clear = e.flatMap((slope, i) => (Math.abs(slope) >= spread / 10 && slope !== 0 ? [i] : []));
    const same = clear.filter((i) => Math.sign(p[i]!) === Math.sign(e[i]!)).length;
    return {
      action,
      cost,
      seconds,
      windows,
      correlation: value,
      low,
      high,
      ratio: spread > 0 ? deviation(p) / spread : 0,
      sameSign: clear.length > 0 ? same / clear.length : 1,
      count: p.length,
    };
  });
}

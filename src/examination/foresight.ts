import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import type { WindowSampler } from "../episodes/index.ts";
import {
  CounterfactualConfig,
  disposeNoise,
  egoStateSize,
  rollOut,
  viewOf,
  type ForwardModel,
  type Imagination,
} from "../forward-model/index.ts";
import {
  doubtNames,
  egoStateScales,
  mapWorldCosts,
  replicateNoise,
  replicateStart,
  weightedWorldCostAt,
  worldCostNames,
  worldCosts,
  type DoubtName,
  type EgoSizes,
  type ProximityForm,
  type WorldCosts,
} from "../policy/index.ts";
import { pixelSpecs } from "../sim/index.ts";
import { numbersOf } from "../tensor/index.ts";
import { comfortCosts } from "./comfort-costs.ts";
import { varianceOfReplicas, type UsualDoubt } from "./doubt.ts";
import { driveExactly, exactCosts, harmedBy } from "./exact.ts";
import { foreseenHuman, type Foreseen, type Outlook } from "./foreseen.ts";
import { numbers } from "./futures.ts";
import type { Inquiry } from "./inquiry.ts";
import { deviation, mean } from "./statistics.ts";
import { drawExaminedWindows, type ExaminedWindows, type WindowSource } from "./windows.ts";

/** What every imagined step costs; `cost` is the weighted sum of the first three, which the world has a say in. */
const foreseenTerms = [...worldCostNames, "cost", "action", "jerk"] as const;
export type ForeseenTerm = (typeof foreseenTerms)[number];

/** Numbers of one window, step by step. */
type Course = Float64Array;

/** What the actions of one driver cost, one entry per window. */
export interface Foretold {
  /** In the model, without dropout. */
  readonly predicted: { readonly [Name in ForeseenTerm]: readonly Course[] };
  /** The same actions in the exact simulator, among the recorded others. */
  readonly exact: { readonly [Name in ForeseenTerm]: readonly Course[] };
  /** Epistemic variances, raw. */
  readonly variance: { readonly [Name in DoubtName]: readonly Course[] };
  /** 1 from the step on in which the ego has really touched somebody or left the road. */
  readonly harmed: readonly Course[];
}

export interface ForesightOptions {
  /** Held-out windows. */
  readonly windows: number;
  /** Training windows that say which variance is usual. */
  readonly usualWindows: number;
  readonly steps: number;
  /** K, dropout replicas of each window. */
  readonly masks: number;
  readonly weights: WorldCosts<number>;
  /** How nearness adds up. */
  readonly proximity: ProximityForm;
  readonly rng: Rng;
}

/** A batch of the windows that say what is usual, or of held-out ones, by the number of its first. */
export interface ForesightQuestion {
  readonly about: "usual" | "held-out";
  readonly first: number;
}

export interface ForesightAnswer {
  /** Names the vehicle that each window is about. */
  readonly vehicles: readonly string[];
  /** One per driver that is asked. */
  readonly foretold: readonly Foretold[];
}

export type Foreseer = Inquiry<ForesightQuestion, ForesightAnswer, Foresights>;

export interface Foresights {
  /** One per driver, in their order. */
  readonly drivers: readonly Foretold[];
  readonly usual: UsualDoubt;
  /** The vehicle that each held-out window is about: windows of one are not independent. */
  readonly vehicles: readonly string[];
}

const batchSize = 16;
const recorded = CounterfactualConfig.parse({ share: 0 });

/**
 * Lets drivers look ahead in a model from windows that it did not learn from: what their actions would cost there step by step, how
 * unsure the model is of it, and what the same actions really cost.
 * @param model must live as long as questions are answered
 * @param training windows of the stretch that the model learned from, `heldOut` others; with `steps` steps after "now" each
 */
export function createForeseer(
  model: ForwardModel,
  { training, heldOut }: { readonly training: WindowSampler; readonly heldOut: WindowSampler },
  drivers: readonly Foreseen[],
  options: ForesightOptions,
): Foreseer {
  const { steps, rng } = options;
  const asked = {
    "held-out": { sampler: heldOut, who: drivers, count: options.windows },
    usual: { sampler: training, who: [foreseenHuman], count: options.usualWindows },
  };
  const questions = (["held-out", "usual"] as const).flatMap((about) =>
    Array.from({ length: Math.ceil(asked[about].count / batchSize) }, (_, batch) => ({
      about,
      first: batch * batchSize,
    })),
  );
  return {
    questions,
    answer({ about, first }) {
      const { sampler, who, count } = asked[about];
      const source = { sampler, config: model.config };
      const size = Math.min(batchSize, count - first);
      const windows = drawExaminedWindows(source, recorded, steps, rng.fork(`${about} windows`), first, size);
      return {
        vehicles: windows.egos.starts.map(({ source, trackIndex }) => `${source}/${trackIndex}`),
        foretold: askBatch(model, source, windows, who, options, rng.fork(about), first),
      };
    },
    conclude(answers) {
      const to = (about: ForesightQuestion["about"]): ForesightAnswer[] =>
        answers.filter((_, i) => questions[i]!.about === about);
      const [heldOut, usual] = [to("held-out"), to("usual")];
      return {
        drivers: drivers.map((_, i) => join(heldOut.map(({ foretold }) => foretold[i]!))),
        usual: usualOf(join(usual.map(({ foretold }) => foretold[0]!)), steps),
        vehicles: heldOut.flatMap(({ vehicles }) => vehicles),
      };
    },
  };
}

function usualOf({ variance }: Foretold, steps: number): UsualDoubt {
  const columns = (courses: readonly Course[]): Float64Array[] =>
    Array.from({ length: steps }, (_, t) => Float64Array.from(courses, (course) => course[t]!));
  return byName(doubtNames, (name) => {
    const byStep = columns(variance[name]);
    // As when a policy is trained: a variance that never varies is measured in millionths.
    return { mean: byStep.map(mean), deviation: byStep.map((values) => Math.max(deviation(values), 1e-6)) };
  });
}

/** All drivers in one batch, in the same futures under the same dropout masks. */
function askBatch(
  model: ForwardModel,
  source: WindowSource,
  windows: ExaminedWindows,
  drivers: readonly Foreseen[],
  options: ForesightOptions,
  rng: Rng,
  first: number,
): Foretold[] {
  const { steps, masks } = options;
  const { count } = windows;
  const everyone = Array.from({ length: count }, (_, b) => b);
  const replication = { count, doubted: everyone, masks };
  const start = replicateStart(windows, replication);
  const noise = replicateNoise(model.config, replication, steps, rng, first);
  const imagination = model.imagine(start, steps, noise);
  try {
    return drivers.map((driver) => {
      const outlook: Outlook = {
        source,
        windows,
        // Whoever looks sees the originals only: replicas do as they do.
        imagination: imagination.again(everyone),
        steps,
        rng: rng.fork(`${driver.name} from ${first}`),
      };
      const actions = driver.actions(outlook);
      const imagined = imagine(imagination.again(), start, actions, count, options);
      const driven = driveExactly(source, windows, actions);
      const really = weigh(
        exactCosts(source, windows, driven, driven.states, options.proximity),
        options.weights,
      );
      const coursesOf = (costs: Weighed, states: readonly Float32Array[]) => {
        const all = { ...costs, ...comfortCosts(source, windows, states, actions) };
        return byName(foreseenTerms, (name) => courses(all[name], count));
      };
      return {
        predicted: coursesOf(imagined.costs, imagined.states),
        exact: coursesOf(really, driven.states),
        variance: imagined.variance,
        harmed: courses(
          harmedBy(source, windows, actions).flatMap((step) => Array.from(step)),
          count,
        ),
      };
    });
  } finally {
    disposeNoise(noise);
  }
}

/** What `actions` of the originals lead to, in them and in their replicas. */
function imagine(
  imagination: Imagination,
  sizes: EgoSizes,
  actions: readonly Float32Array[],
  count: number,
  { masks, weights, proximity: form }: Pick<ForesightOptions, "masks" | "weights" | "proximity">,
): {
  costs: Weighed;
  states: Float32Array[];
  variance: { [Name in DoubtName]: Course[] };
} {
  const spec = pixelSpecs[imagination.config.pixels];
  const all = count * (1 + masks);
  return numbersOf(() => {
    const act = (_: unknown, t: number): tf.Tensor2D =>
      tf.tile(tf.tensor2d(actions[t]!, [count, 2]), [1 + masks, 1]);
    const { steps } = rollOut(imagination, actions.length, act, 0);
    const costs = weigh(mapWorldCosts(worldCosts(spec, sizes, steps, form), numbers), weights);
    const states = steps.map(({ state }) => numbers(state));
    const spread = (at: (t: number) => Float32Array, scales: readonly number[]): Course[] =>
      courses(
        steps.flatMap((_, t) => Array.from(varianceOfReplicas(at(t), count, masks, scales))),
        count,
      );
    return {
      costs: {
        ...mapWorldCosts(costs, (cost) => originals(cost, all, count)),
        cost: originals(costs.cost, all, count),
      },
      states: states.map((state) => state.subarray(0, count * egoStateSize)),
      variance: {
        image: spread((t) => numbers(viewOf(spec, steps[t]!.scene)), [1]),
        state: spread((t) => states[t]!, egoStateScales),
        cost: spread((t) => costs.cost.subarray(t * all, (t + 1) * all), [1]),
      },
    };
  });
}

/** The costs of the world with their weighted sum. */
type Weighed = WorldCosts<Float32Array> & { readonly cost: Float32Array };

function weigh(costs: WorldCosts<Float32Array>, weights: WorldCosts<number>): Weighed {
  return { ...costs, cost: costs.proximity.map((_, i) => weightedWorldCostAt(costs, weights, i)) };
}

/** [T, all] → [T, count] of the originals. */
function originals(values: Float32Array, all: number, count: number): Float32Array {
  return values.filter((_, i) => i % all < count);
}

/** [T, count] → one course per window. */
function courses(values: ArrayLike<number>, count: number): Course[] {
  return Array.from({ length: count }, (_, b) =>
    Float64Array.from({ length: values.length / count }, (_, t) => values[t * count + b]!),
  );
}

/** Batches, one after the other. */
function join(batches: readonly Foretold[]): Foretold {
  const all = <Part>(of: (batch: Foretold) => readonly Part[]): Part[] => batches.flatMap(of);
  return {
    predicted: byName(foreseenTerms, (name) => all(({ predicted }) => predicted[name])),
    exact: byName(foreseenTerms, (name) => all(({ exact }) => exact[name])),
    variance: byName(doubtNames, (name) => all(({ variance }) => variance[name])),
    harmed: all(({ harmed }) => harmed),
  };
}

/** A record with one entry per name. */
function byName<Name extends string, Value>(
  names: readonly Name[],
  of: (name: Name) => Value,
): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, Value>;
}

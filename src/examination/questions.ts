import type { Rng } from "../core/index.ts";
import type { WindowSampler } from "../episodes/index.ts";
import {
  CounterfactualConfig,
  stepSeconds,
  type ForwardModel,
  type ForwardModelConfig,
} from "../forward-model/index.ts";
import { deterministicFuture, recordedFuture, type Future } from "./futures.ts";
import { costDerivatives, type Derivatives } from "./gradient-agreement.ts";
import type { Inquiry } from "./inquiry.ts";
import { openLoop, type OpenLoopSums } from "./open-loop.ts";
import { drawSamples, type SampleSums } from "./samples.ts";
import { actionDeviations, sensitivity, type SensitivitySums } from "./sensitivity.ts";
import { drawStrips, type Strip } from "./strips.ts";
import { doubts, type Doubt } from "./wild-drives.ts";
import {
  drawExaminedWindows,
  type ActionChange,
  type ExaminedWindows,
  type WindowSource,
} from "./windows.ts";

/** Where the windows of a check-up come from. */
export interface CheckUpSamplers {
  /** Windows that the model did not learn from. */
  readonly heldOut: WindowSampler;
  /** Windows that it learned from, from whose errors doubt is learned; null: it is not. */
  readonly training: WindowSampler | null;
}

export interface CheckUpOptions {
  /** Windows of each kind, ordinary and perturbed. */
  readonly windows: number;
  /** k, futures drawn of each window; at least 2, or there is nothing between them. */
  readonly samples: number;
  /** K, dropout masks of each window. */
  readonly masks: number;
  readonly rng: Rng;
}

/** How far a model is followed [s], and where derivatives, answers to actions and doubt are measured. */
export const horizons = {
  openLoop: 4,
  gradients: [0.6, 1, 2, 3],
  sensitivity: [1, 2],
  doubt: 2,
  stripStride: 0.4,
} as const;

/** The model's steps in so many seconds, at least one. */
export const stepsIn = (seconds: number, config: ForwardModelConfig): number =>
  Math.max(1, Math.round(seconds / stepSeconds(config)));

const batchSize = 16;
/** One batch in so many is imagined with all dropout masks and actions: that is most of the work. */
const doubtedShare = 2;

const ordinary = CounterfactualConfig.parse({ share: 0 });
/** Windows in which the ego leaves its record from the first context frame on, moderately: what a policy meets while it learns. */
const perturbed = CounterfactualConfig.parse({ fromPastShare: 1, strongShare: 0.5, forgetShare: 0.5 });

/** What comes of one batch of windows, by the question. */
export interface Answers {
  readonly trainingDoubts: readonly Doubt[];
  readonly doubts: readonly Doubt[];
  readonly samples: SampleSums;
  /** By action. */
  readonly sensitivity: readonly SensitivitySums[];
  /** By horizon, as in the next two. */
  readonly gradients: readonly Derivatives[];
  readonly perturbedGradients: readonly Derivatives[];
  readonly gradientCeiling: readonly Derivatives[];
  readonly strips: readonly Strip[];
  readonly perturbedStrips: readonly Strip[];
  readonly openLoop: OpenLoopSums;
  readonly perturbedOpenLoop: OpenLoopSums;
}

/** What is asked of one batch of windows. */
export interface Question {
  readonly name: keyof Answers;
  readonly batch: number;
}

export type Answer = Answers[keyof Answers];

/** All that is asked of a model, without the conclusions. */
export interface Interview extends Omit<Inquiry<Question, Answer, unknown>, "conclude"> {
  /** Deviations of the recorded actions, over all ordinary windows [m/s²]. */
  actions(): ActionChange;
}

/** How a question is asked: over windows of which kind, and how many batches of them. */
interface Asking<Result> {
  readonly over: "ordinary" | "perturbed" | "training";
  readonly batches: number;
  ask(windows: ExaminedWindows, first: number): Result;
}

export function createInterview(
  model: ForwardModel,
  { heldOut, training }: CheckUpSamplers,
  { windows: count, samples, masks, rng }: CheckUpOptions,
): Interview {
  const { config } = model;
  const steps = (seconds: number): number => stepsIn(seconds, config);
  const source: WindowSource = { sampler: heldOut, config };
  const taught: WindowSource = { sampler: training ?? heldOut, config };
  const batches = Math.ceil(count / batchSize);
  const draw = (over: Asking<Answer>["over"], batch: number): ExaminedWindows =>
    drawExaminedWindows(
      over === "training" ? taught : source,
      over === "perturbed" ? perturbed : ordinary,
      steps(horizons.openLoop),
      rng.fork(over),
      batch * batchSize,
      Math.min(batchSize, count - batch * batchSize),
    );
  function* ordinaryWindows(): Generator<ExaminedWindows> {
    for (let batch = 0; batch < batches; batch++) yield draw("ordinary", batch);
  }
  let deviations: ActionChange | undefined;
  const actions = (): ActionChange => (deviations ??= actionDeviations(ordinaryWindows()));

  const plain = deterministicFuture(model);
  const doubtsOf = (from: WindowSource, stream: string) => (windows: ExaminedWindows, first: number) =>
    doubts(from, model, windows, steps(horizons.doubt), masks, rng.fork(stream), first);
  const gradientsIn = (future: Future) => (windows: ExaminedWindows) =>
    horizons.gradients.map((seconds) => costDerivatives(source, windows, future, steps(seconds)));
  const stripsOf = (title: string, chosen: readonly number[]) => (windows: ExaminedWindows) => {
    const titled = chosen
      .filter((window) => window < count)
      .map((window) => ({ window, title: `${title} ${window + 1}` }));
    return drawStrips(source, model, windows, titled, steps(horizons.stripStride), rng);
  };
  const asked = steps(Math.max(...horizons.sensitivity));
  const askings: { readonly [Name in keyof Answers]: Asking<Answers[Name]> } = {
    trainingDoubts: {
      over: "training",
      batches: training === null ? 0 : batches,
      ask: doubtsOf(taught, "training masks"),
    },
    doubts: { over: "ordinary", batches: Math.ceil(batches / doubtedShare), ask: doubtsOf(source, "masks") },
    samples: {
      over: "ordinary",
      batches,
      ask: (windows, first) => drawSamples(model, windows, samples, rng, first),
    },
    sensitivity: {
      over: "ordinary",
      batches,
      ask: (windows) => sensitivity(source, windows, plain, actions(), asked),
    },
    gradients: { over: "ordinary", batches, ask: gradientsIn(plain) },
    perturbedGradients: { over: "perturbed", batches, ask: gradientsIn(plain) },
    strips: { over: "ordinary", batches: 1, ask: stripsOf("Ordinary window", [0, 1]) },
    perturbedStrips: { over: "perturbed", batches: 1, ask: stripsOf("Perturbed window", [0]) },
    openLoop: { over: "ordinary", batches, ask: (windows) => openLoop(source, windows, plain) },
    perturbedOpenLoop: { over: "perturbed", batches, ask: (windows) => openLoop(source, windows, plain) },
    gradientCeiling: { over: "ordinary", batches, ask: gradientsIn(recordedFuture(config)) },
  };
  return {
    questions: (Object.keys(askings) as (keyof Answers)[]).flatMap((name) =>
      Array.from({ length: askings[name].batches }, (_, batch) => ({ name, batch })),
    ),
    answer({ name, batch }) {
      const { over, ask } = askings[name];
      return ask(draw(over, batch), batch * batchSize);
    },
    actions,
  };
}

import type { Rng } from "../core/index.ts";
import type { WindowSampler } from "../episodes/index.ts";
import { CounterfactualConfig, stepSeconds, type ForwardModel } from "../forward-model/index.ts";
import { calibrationRows, type CalibrationRow } from "./calibration.ts";
import { deterministicFuture, recordedFuture, type Future } from "./futures.ts";
import { costDerivatives, gradientRows, joinDerivatives, type GradientRow } from "./gradient-agreement.ts";
import { openLoop, openLoopRows, type OpenLoopRow } from "./open-loop.ts";
import { drawSamples, sampleRows, type SampleRow } from "./samples.ts";
import { actionDeviations, sensitivity, sensitivityRows, type SensitivityRow } from "./sensitivity.ts";
import { drawStrips, type Strip } from "./strips.ts";
import { warningsOf } from "./warnings.ts";
import { doubts, type Doubt } from "./wild-drives.ts";
import {
  drawExaminedWindows,
  type ActionChange,
  type ExaminedWindows,
  type WindowSource,
} from "./windows.ts";

export interface CheckUpOptions {
  /** Windows of each kind, ordinary and perturbed. */
  readonly windows: number;
  /** k, futures drawn of each window; at least 2, or there is nothing between them. */
  readonly samples: number;
  /** K, dropout masks of each window. */
  readonly masks: number;
  readonly rng: Rng;
  /** Windows that the model learned from, from whose errors doubt is learned; null: it is not. */
  readonly training: WindowSampler | null;
  /** Told now and then how much is done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** All that a check-up finds; scripts rely on the names. */
export interface CheckUp {
  readonly windows: number;
  /** Deviations of the recorded actions [m/s²]. */
  readonly actions: ActionChange;
  readonly openLoop: readonly OpenLoopRow[];
  /** The same along perturbed ways. */
  readonly openLoopPerturbed: readonly OpenLoopRow[];
  readonly bestOfK: readonly SampleRow[];
  readonly actionSensitivity: readonly SensitivityRow[];
  readonly gradientAgreement: readonly GradientRow[];
  /** The same derivatives with the recorded future in the model's place: what can be reached by moving egos through a world. */
  readonly gradientCeiling: readonly GradientRow[];
  readonly calibration: { readonly spearman: number; readonly rows: readonly CalibrationRow[] };
  readonly warnings: readonly string[];
}

/** A check-up with what its page shows beside the numbers. */
export interface Examination {
  readonly checkUp: CheckUp;
  readonly strips: readonly Strip[];
  readonly doubts: readonly Doubt[];
}

/** How far a model is followed [s], and where derivatives, answers to actions and doubt are measured. */
export const horizons = {
  openLoop: 4,
  gradients: [0.6, 1, 2, 3],
  sensitivity: [1, 2],
  doubt: 2,
  stripStride: 0.4,
} as const;

const batchSize = 16;
/** One batch in so many is imagined with all dropout masks and actions: that is most of the work. */
const doubtedShare = 2;

/** Windows in which the ego leaves its record from the first context frame on, moderately: what a policy meets while it learns. */
const perturbed = CounterfactualConfig.parse({ fromPastShare: 1, strongShare: 0.5, forgetShare: 0.5 });
const ordinary = CounterfactualConfig.parse({ share: 0 });

/** Examines a model on windows that it did not learn from. */
export function examine(
  model: ForwardModel,
  sampler: WindowSampler,
  { windows: count, samples, masks, rng, training, onProgress = () => undefined }: CheckUpOptions,
): Examination {
  const source: WindowSource = { sampler, config: model.config };
  const step = stepSeconds(model.config);
  const stepsOf = (seconds: number): number => Math.max(1, Math.round(seconds / step));
  const steps = stepsOf(horizons.openLoop);
  const draw = (kind: CounterfactualConfig, name: string, from = source): ExaminedWindows[] =>
    Array.from({ length: Math.ceil(count / batchSize) }, (_, i) =>
      drawExaminedWindows(
        from,
        kind,
        steps,
        rng.fork(name),
        i * batchSize,
        Math.min(batchSize, count - i * batchSize),
      ),
    );
  const taught: WindowSource | null = training && { sampler: training, config: model.config };
  const batches = {
    ordinary: draw(ordinary, "ordinary"),
    perturbed: draw(perturbed, "perturbed"),
    training: taught === null ? [] : draw(ordinary, "training", taught),
  };
  const parts = 9;
  let done = 0;
  const each = <T>(kind: keyof typeof batches, work: (windows: ExaminedWindows, first: number) => T): T[] => {
    const results = batches[kind].map((windows, i) => {
      const result = work(windows, i * batchSize);
      onProgress((done + (i + 1) / batches[kind].length) / parts);
      return result;
    });
    done++;
    return results;
  };
  const plain = deterministicFuture(model);
  const actions = actionDeviations(batches.ordinary);
  const openLoopOf = (kind: keyof typeof batches): OpenLoopRow[] =>
    openLoopRows(addUp(each(kind, (windows) => openLoop(source, windows, plain))), count, model.config);
  const gradientsOf = (future: Future, kinds: readonly GradientRow["windows"][]): GradientRow[] =>
    kinds.flatMap((kind) => {
      const byHorizon = each(kind, (windows) =>
        horizons.gradients.map((seconds) => costDerivatives(source, windows, future, stepsOf(seconds))),
      );
      return horizons.gradients.flatMap((seconds, h) =>
        gradientRows(joinDerivatives(byHorizon.map((batch) => batch[h]!)), seconds, kind, rng),
      );
    });
  const stripsOf = (kind: keyof typeof batches, title: string, chosen: readonly number[]): Strip[] => {
    const titled = chosen
      .filter((window) => window < count)
      .map((window) => ({ window, title: `${title} ${window + 1}` }));
    return drawStrips(source, model, batches[kind][0]!, titled, stepsOf(horizons.stripStride), rng);
  };

  const openLoopOrdinary = openLoopOf("ordinary");
  const openLoopPerturbed = openLoopOf("perturbed");
  const sums = addUp(each("ordinary", (windows, first) => drawSamples(model, windows, samples, rng, first)));
  const bestOfK = sampleRows(sums, count, samples, model);
  const asked = each("ordinary", (windows) =>
    sensitivity(source, windows, plain, actions, stepsOf(Math.max(...horizons.sensitivity))),
  );
  const actionSensitivity = sensitivityRows(
    asked[0]!.map((_, action) => addUp(asked.map((batch) => batch[action]!))),
    actions,
    model.config,
    horizons.sensitivity.map(stepsOf),
  );
  const gradientAgreement = gradientsOf(plain, ["ordinary", "perturbed"]);
  const gradientCeiling = gradientsOf(recordedFuture(model.config), ["ordinary"]);
  const doubted = Math.ceil(batches.ordinary.length / doubtedShare);
  const lessons = each("training", (windows, first) =>
    doubts(taught!, model, windows, stepsOf(horizons.doubt), masks, rng.fork("training masks"), first),
  ).flat();
  const all = each("ordinary", (windows, first) =>
    first < doubted * batchSize
      ? doubts(source, model, windows, stepsOf(horizons.doubt), masks, rng.fork("masks"), first)
      : [],
  ).flat();
  const rows = calibrationRows(all, lessons, rng.fork("calibration"));
  const byDropout = rows.filter(({ kind }) => kind === "dropout");
  const findings = {
    openLoop: openLoopOrdinary,
    bestOfK,
    actionSensitivity,
    gradientAgreement,
    calibration: byDropout,
  };
  return {
    checkUp: {
      windows: count,
      actions,
      openLoop: openLoopOrdinary,
      openLoopPerturbed,
      bestOfK,
      actionSensitivity,
      gradientAgreement,
      gradientCeiling,
      calibration: { spearman: Math.min(...byDropout.map(({ againstError }) => againstError.value)), rows },
      warnings: warningsOf({ ...findings, hasLatent: model.config.latent !== "none" }),
    },
    strips: [
      ...stripsOf("ordinary", "Ordinary window", [0, 1]),
      ...stripsOf("perturbed", "Perturbed window", [0]),
    ],
    doubts: all,
  };
}

/** Adds records of arrays, entry by entry. */
function addUp<Sums extends { readonly [name: string]: Float64Array }>(all: readonly Sums[]): Sums {
  const total = Object.fromEntries(
    Object.entries(all[0]!).map(([name, values]) => [name, values.slice()]),
  ) as { [name: string]: Float64Array };
  for (const sums of all.slice(1)) {
    for (const [name, values] of Object.entries(sums))
      values.forEach((value, t) => (total[name]![t]! += value));
  }
  return total as Sums;
}

import type { ForwardModel, ForwardModelConfig } from "../forward-model/index.ts";
import { calibrationRows, type CalibrationRow } from "./calibration.ts";
import { gradientRows, joinDerivatives, type Derivatives, type GradientRow } from "./gradient-agreement.ts";
import type { Inquiry } from "./inquiry.ts";
import { openLoopRows, type OpenLoopRow, type OpenLoopSums } from "./open-loop.ts";
import {
  createInterview,
  horizons,
  stepsIn,
  type Answer,
  type Answers,
  type CheckUpOptions,
  type CheckUpSamplers,
  type Question,
} from "./questions.ts";
import { sampleRows, type SampleRow } from "./samples.ts";
import { sensitivityRows, type SensitivityRow } from "./sensitivity.ts";
import type { Strip } from "./strips.ts";
import { warningsOf } from "./warnings.ts";
import type { Doubt } from "./wild-drives.ts";
import type { ActionChange } from "./windows.ts";

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

export type Examiner = Inquiry<Question, Answer, Examination>;

/** @param model must live as long as questions are answered */
export function createExaminer(
  model: ForwardModel,
  samplers: CheckUpSamplers,
  options: CheckUpOptions,
): Examiner {
  const { questions, answer, actions } = createInterview(model, samplers, options);
  return {
    questions,
    answer,
    conclude(answers) {
      const to = <Name extends keyof Answers>(name: Name): readonly Answers[Name][] =>
        answers.filter((_, i) => questions[i]!.name === name) as Answers[Name][];
      return examinationOf(to, actions(), model.config, options);
    },
  };
}

/** @param to the answers to one question, batch by batch */
function examinationOf(
  to: <Name extends keyof Answers>(name: Name) => readonly Answers[Name][],
  actions: ActionChange,
  config: ForwardModelConfig,
  { windows: count, samples, rng }: CheckUpOptions,
): Examination {
  const openLoopOf = (batches: readonly OpenLoopSums[]): OpenLoopRow[] =>
    openLoopRows(addUp(batches), count, config);
  const gradientsOf = (
    batches: readonly (readonly Derivatives[])[],
    kind: GradientRow["windows"],
  ): GradientRow[] =>
    horizons.gradients.flatMap((seconds, h) =>
      gradientRows(joinDerivatives(batches.map((batch) => batch[h]!)), seconds, kind, rng),
    );
  const asked = to("sensitivity");
  const doubts = to("doubts").flat();
  const calibration = calibrationRows(doubts, to("trainingDoubts").flat(), rng.fork("calibration"));
  const byDropout = calibration.filter(({ kind }) => kind === "dropout");
  const findings = {
    windows: count,
    actions,
    openLoop: openLoopOf(to("openLoop")),
    openLoopPerturbed: openLoopOf(to("perturbedOpenLoop")),
    bestOfK: sampleRows(addUp(to("samples")), count, samples, config),
    actionSensitivity: sensitivityRows(
      asked[0]!.map((_, action) => addUp(asked.map((batch) => batch[action]!))),
      actions,
      config,
      horizons.sensitivity.map((seconds) => stepsIn(seconds, config)),
    ),
    gradientAgreement: [
      ...gradientsOf(to("gradients"), "ordinary"),
      ...gradientsOf(to("perturbedGradients"), "perturbed"),
    ],
    gradientCeiling: gradientsOf(to("gradientCeiling"), "ordinary"),
    calibration: {
      spearman: Math.min(...byDropout.map(({ againstError }) => againstError.value)),
      rows: calibration,
    },
  };
  const warnings = warningsOf({
    ...findings,
    calibration: byDropout,
    hasLatent: config.latent !== "none",
  });
  return {
    checkUp: { ...findings, warnings },
    strips: [...to("strips"), ...to("perturbedStrips")].flat(),
    doubts,
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

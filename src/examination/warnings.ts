import type { CalibrationRow } from "./calibration.ts";
import type { GradientRow } from "./gradient-agreement.ts";
import type { OpenLoopRow } from "./open-loop.ts";
import type { SampleRow } from "./samples.ts";
import type { SensitivityRow } from "./sensitivity.ts";

/** What a model must reach before a policy should learn in it; below each, the report warns in words. */
export const thresholds = {
  /** Least share of the true change of the picture that must follow an action. */
  sensitivityRatio: 0.5,
  /** Least correlation of the change of the picture with the true one, for actions of two deviations. */
  sensitivityCorrelation: 0.5,
  /** Least correlation of cost derivatives with the exact ones at one second: 0.5 tells a blind model from one that sees. */
  gradientCorrelation: 0.5,
  /** Least spread of samples over the error that they would have to explain: a tenth of its variance. */
  sampleSpread: 0.3,
  /** Least rank correlation of doubt with error. */
  doubt: 0.3,
} as const;

export interface Findings {
  readonly openLoop: readonly OpenLoopRow[];
  readonly bestOfK: readonly SampleRow[];
  readonly actionSensitivity: readonly SensitivityRow[];
  readonly gradientAgreement: readonly GradientRow[];
  readonly calibration: readonly CalibrationRow[];
  readonly hasLatent: boolean;
}

const two = (value: number): string => value.toFixed(2);

/** The warnings that the findings deserve, a sentence or two each, worst first. */
export function warningsOf(findings: Findings): string[] {
  return [
    ...blindness(findings.actionSensitivity),
    ...misleadingGradients(findings.gradientAgreement),
    ...uselessness(findings.openLoop),
    ...collapse(findings),
    ...overconfidence(findings.calibration),
  ];
}

function blindness(rows: readonly SensitivityRow[]): string[] {
  return rows
    .filter(({ deviations, seconds }) => deviations === 2 && Math.abs(seconds - 1) < 0.05)
    .filter(
      ({ ratio, correlation }) =>
        ratio < thresholds.sensitivityRatio || correlation < thresholds.sensitivityCorrelation,
    )
    .map(
      ({ action, ratio, correlation, change }) =>
        `The model hardly heeds the action "${action}" (${two(change)} m/s² for 1 s): the picture changes ${two(ratio)} ` +
        `times as much as it should, correlation ${two(correlation)}. A policy that learns in it can do as it likes.`,
    );
}

function misleadingGradients(rows: readonly GradientRow[]): string[] {
  return rows
    .filter(({ seconds, cost }) => Math.abs(seconds - 1) < 0.05 && cost === "proximity")
    .filter(({ correlation }) => correlation < thresholds.gradientCorrelation)
    .map(
      ({ action, windows, correlation, low, high }) =>
        `The cost's derivative with respect to ${action} misleads on ${windows} windows: its correlation with the true ` +
        `one at 1 s is ${two(correlation)} [${two(low)}, ${two(high)}], expected ${thresholds.gradientCorrelation} or more.`,
    );
}

function uselessness(rows: readonly OpenLoopRow[]): string[] {
  const worse = rows.filter(({ image, copied }) => image >= copied);
  if (worse.length > 0) {
    return [`At ${listed(worse)} s the model predicts worse than a copy of the last picture.`];
  }
  const slower = rows.filter(({ image, observedVelocity }) => image > observedVelocity);
  if (slower.length === 0) return [];
  return [
    `At ${listed(slower)} s the model predicts worse than keeping the motion that its two newest pictures show.`,
  ];
}

function collapse({ bestOfK, hasLatent }: Findings): string[] {
  const row = bestOfK.find(({ seconds }) => Math.abs(seconds - 2) < 0.05) ?? bestOfK.at(-1);
  if (!hasLatent || row === undefined || row.spread >= thresholds.sampleSpread) return [];
  return [
    `The latent has collapsed: ${row.k} samples ${row.seconds.toFixed(1)} s ahead spread by ${two(row.spread)} of the ` +
      `error that they should explain (expected ${thresholds.sampleSpread} or more); drawing it is as good as leaving it zero.`,
  ];
}

function overconfidence(rows: readonly CalibrationRow[]): string[] {
  return rows
    .filter(({ againstError }) => againstError.value < thresholds.doubt)
    .map(
      ({ action, of, againstError: { value, low, high } }) =>
        `The model is confident where it is wrong about the ${of} under ${action}: the rank correlation of its doubt with ` +
        `its error is ${two(value)} [${two(low)}, ${two(high)}], expected ${thresholds.doubt} or more.`,
    );
}

function listed(rows: readonly OpenLoopRow[]): string {
  const seconds = rows.map((row) => row.seconds.toFixed(1));
  return seconds.length > 3 ? `${seconds[0]!} to ${seconds.at(-1)!}` : seconds.join(", ");
}

import { linePlot, scatterPlot, type Axis, type Curve } from "../charts/index.ts";
import type { Interval } from "../core/index.ts";
import type { CheckUp } from "./check-up.ts";
import type { GradientRow } from "./gradient-agreement.ts";
import { figure, marked, table, type Ink } from "./page-parts.ts";
import { thresholds } from "./warnings.ts";
import type { Doubt } from "./wild-drives.ts";

const two = (value: number): string => value.toFixed(2).replace("-", "−");
const interval = ({ value, low, high }: Interval): string => `${two(value)} [${two(low)}, ${two(high)}]`;
export function openLoopSection({ openLoop, openLoopPerturbed }: CheckUp): string {
  const top = Math.max(...[...openLoop, ...openLoopPerturbed].map(({ copied }) => copied));
  const x: Axis = { label: "seconds ahead", low: 0, high: openLoop.at(-1)!.seconds };
  const y: Axis = { label: "mean square error of the traffic channel", low: 0, high: top };
  const curvesOf = (rows: CheckUp["openLoop"]): Curve[] =>
    (
      [
        ["the model", "model", "image"],
        ["last picture kept", "copied", "copied"],
        ["constant true velocity", "coasting", "constantVelocity"],
        ["the same, those in the picture", "truth", "shownVelocity"],
        ["constant observed velocity", "second", "observedVelocity"],
      ] as const
    ).map(([name, ink, key]) => ({ name, ink, points: rows.map((row) => [row.seconds, row[key]] as const) }));
  const show = (caption: string, rows: CheckUp["openLoop"]): string =>
    figure(caption, linePlot(caption, x, y, curvesOf(rows)), curvesOf(rows));
  return `<h2>How the world goes on</h2>
<p>The model is told the ego's actions and nothing else. Three yardsticks know no model: everyone goes on with the true speed
(which no picture shows exactly), those do whom the newest picture shows, or they go on with the motion that the two newest pictures show.</p>
<div class="grid">${show("Ordinary windows", openLoop)}${show("Perturbed windows", openLoopPerturbed)}</div>`;
}

export function sampleSection({ bestOfK }: CheckUp): string {
  const some = atSeconds(bestOfK, [0.2, 1, 2, 3, 4]);
  return `<h2>Futures drawn from it</h2>
<p>Errors of ${bestOfK[0]?.k ?? 0} futures with latents from the prior. The spread is the deviation between them over the error of
the deterministic prediction: 0 is a latent without effect, 1 would explain the whole error. The score (CRPS) judges all draws
together, pixel by pixel: below that of the deterministic prediction, it pays to draw.</p>
${table(
  ["seconds", "deterministic", "a sample", "best of k", "spread", "score of draws", "score without"],
  some.map((row) => [
    row.seconds.toFixed(1),
    row.deterministic.toFixed(4),
    row.mean.toFixed(4),
    row.best.toFixed(4),
    marked(row.seconds > 1.9 && row.spread < thresholds.sampleSpread, two(row.spread)),
    row.score.toFixed(4),
    row.deterministicScore.toFixed(4),
  ]),
)}`;
}

export function sensitivitySection({ actionSensitivity, actions }: CheckUp): string {
  const seconds = [...new Set(actionSensitivity.map((row) => row.seconds))];
  return `<h2>Does it heed actions?</h2>
<p>The ego acts otherwise by one and two deviations of what drivers do (${two(actions.acceleration)} m/s² along,
${two(actions.lateral)} m/s² across). The picture should change as it does from the ego's other pose. Ratio 0: the action is ignored;
ratio and correlation 1: the imagined world moves as the kinematics say.</p>
${table(
  [
    "action",
    "change m/s²",
    ...seconds.map((after) => `ratio after ${after.toFixed(1)} s`),
    ...seconds.map((after) => `correlation after ${after.toFixed(1)} s`),
  ],
  groups(actionSensitivity, ({ action, change }) => `${action}/${change}`).map((rows) => [
    rows[0]!.action,
    two(rows[0]!.change),
    ...rows.map(({ ratio }) => marked(ratio < thresholds.sensitivityRatio, two(ratio))),
    ...rows.map(({ correlation }) =>
      marked(correlation < thresholds.sensitivityCorrelation, two(correlation)),
    ),
  ]),
)}`;
}

export function gradientSection({ gradientAgreement, gradientCeiling }: CheckUp): string {
  const seconds = [...new Set(gradientAgreement.map((row) => row.seconds))];
  const x: Axis = { label: "horizon in seconds", low: 0, high: Math.max(...seconds) * 1.1 };
  const y: Axis = { label: "correlation over windows, 95 % interval", low: -0.2, high: 1 };
  const curve = (name: string, ink: Ink, rows: readonly GradientRow[]): Curve => ({
    name,
    ink,
    points: rows.map((row) => [row.seconds, row.correlation] as const),
    intervals: rows.map((row) => [row.low, row.high] as const),
  });
  const panel = (action: string, cost: string, caption: string): string => {
    const of = (rows: readonly GradientRow[], windows: string): GradientRow[] =>
      rows.filter((row) => row.action === action && row.cost === cost && row.windows === windows);
    const curves = [
      curve("recorded future in its place", "truth", of(gradientCeiling, "ordinary")),
      curve("ordinary windows", "model", of(gradientAgreement, "ordinary")),
      curve("perturbed windows", "second", of(gradientAgreement, "perturbed")),
    ];
    return figure(caption, linePlot(caption, x, y, curves), curves);
  };
  return `<h2>Does its gradient tell the truth?</h2>
<p>The derivative of the mean driving cost with respect to a constant change of the action: by the model and its tensor code, and by finite
differences through simulator and renderer. This is what a policy learns from, and neither a loss nor a model's own finite differences
can replace it.</p>
<div class="grid">${panel("acceleration", "proximity", "Acceleration, cost of other vehicles")}${panel("steering", "proximity", "Steering, cost of other vehicles")}${panel("steering", "ground", "Steering, cost of lane lines and verge")}</div>
<p class="soft">Correlation [95 % interval]; below it the deviation of the predicted derivatives over that of the exact ones, and the share
of equal signs where the exact one is not small. n = ${gradientAgreement[0]?.count ?? 0} windows each.</p>
${table(
  ["derivative", ...seconds.map((horizon) => `over ${horizon.toFixed(1)} s`)],
  [
    ...rowsOf(gradientAgreement, (row) => `${row.windows} windows`),
    ...rowsOf(gradientCeiling, () => "recorded future"),
  ],
)}`;
}

function rowsOf(all: readonly GradientRow[], label: (row: GradientRow) => string): string[][] {
  return groups(all, ({ action, cost, windows }) => `${action}/${cost}/${windows}`).map((rows) => [
    `${rows[0]!.action}, ${rows[0]!.cost}, ${label(rows[0]!)}`,
    ...rows.map(({ correlation, low, high, ratio, sameSign }) =>
      marked(
        correlation < thresholds.gradientCorrelation,
        `${interval({ value: correlation, low, high })}<br><small>${two(ratio)}, ${two(sameSign)}</small>`,
      ),
    ),
  ]);
}

/** The rows that share a key, in the order in which the keys first occur. */
function groups<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[][] {
  const byKey = new Map<string, Row[]>();
  for (const row of rows) byKey.set(keyOf(row), [...(byKey.get(keyOf(row)) ?? []), row]);
  return [...byKey.values()];
}

export function calibrationSection({ calibration }: CheckUp, doubts: readonly Doubt[]): string {
  const panel = (action: Doubt["action"], caption: string): string => {
    const some = doubts.filter(
      (doubt) => doubt.action === action && doubt.imageError > 0 && doubt.imageVariance > 0,
    );
    if (some.length === 0) return "";
    const axis = (label: string, values: readonly number[]): Axis => ({
      label,
      low: Math.min(...values) / 1.5,
      high: Math.max(...values) * 1.5,
      logarithmic: true,
    });
    const inks: readonly Ink[] = ["truth", "model", "second"];
    const levels = [...new Set(some.map(({ change }) => Math.abs(change)))].sort((a, b) => a - b);
    const inkOf = (level: number): Ink => inks[Math.min(2, level)]!;
    const clouds = levels.map((level, i) => ({
      ink: inkOf(i),
      points: some
        .filter(({ change }) => Math.abs(change) === level)
        .map(({ imageError, imageVariance }) => [imageError, imageVariance] as const),
    }));
    const plot = scatterPlot(
      caption,
      axis(
        "true mean square error",
        some.map(({ imageError }) => imageError),
      ),
      axis(
        "variance over dropout masks",
        some.map(({ imageVariance }) => imageVariance),
      ),
      clouds,
    );
    const names = levels.map((level, i) => ({
      name: level === 0 ? "as recorded" : `± ${level} m/s²`,
      ink: inkOf(i),
      points: [],
    }));
    return figure(caption, plot, names);
  };
  return `<h2>Does it know where it is wrong?</h2>
<p>Variance over dropout masks, at equal actions and latents, against the true error, over windows and actions from none to wild. The rank
correlation should be high with the error, and with the distance of the action from what was recorded where that leads to errors. Beside
it, learned doubt: the error that the model's own errors on training windows lead to expect.</p>
<div class="grid">${panel("acceleration", "Picture after changes of acceleration")}${panel("steering", "Picture after changes of steering")}</div>
${table(
  ["doubt", "action", "of the", "doubt against error", "doubt against distance", "n"],
  calibration.rows.map(({ kind, action, of, againstError, againstDistance, count }) => [
    kind,
    action,
    of,
    marked(againstError.value < thresholds.doubt, interval(againstError)),
    interval(againstDistance),
    String(count),
  ]),
)}`;
}

/** The rows nearest to the given horizons, as far as there are any. */
export function atSeconds<Row extends { readonly seconds: number }>(
  rows: readonly Row[],
  wanted: readonly number[],
): Row[] {
  return wanted.flatMap((seconds) => rows.find((row) => Math.abs(row.seconds - seconds) < 0.05) ?? []);
}

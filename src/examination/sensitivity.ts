import { frameSeconds } from "../core/index.ts";
import { egoStateSize, warpView, type ForwardModelConfig } from "../forward-model/index.ts";
import { channelCount, pixelSpecs } from "../sim/index.ts";
import { movedStates, see, type Future } from "./futures.ts";
import {
  actionsFromNow,
  changedActions,
  slowestSteering,
  speedsAtNow,
  type ActionChange,
  type ExaminedWindows,
  type WindowSource,
} from "./windows.ts";

/** What egos are told to do beside what they did, in deviations of the recorded actions. */
export const askedActions = [
  { action: "brake", deviations: 1, acceleration: -1, lateral: 0 },
  { action: "brake", deviations: 2, acceleration: -2, lateral: 0 },
  { action: "accelerate", deviations: 1, acceleration: 1, lateral: 0 },
  { action: "accelerate", deviations: 2, acceleration: 2, lateral: 0 },
  { action: "left", deviations: 1, acceleration: 0, lateral: 1 },
  { action: "left", deviations: 2, acceleration: 0, lateral: 2 },
  { action: "right", deviations: 1, acceleration: 0, lateral: -1 },
  { action: "right", deviations: 2, acceleration: 0, lateral: -2 },
] as const;
export type AskedAction = (typeof askedActions)[number]["action"];

/**
 * Whether the predicted world moves as the kinematics say. D is the change of the predicted picture that the ego sees
 * when it acts otherwise, D* the change that follows from nothing but its other pose: the picture predicted without the
 * change, seen from there. Whether traffic is predicted well plays no part. Over all channels, inner pixels and windows:
 *
 *     ratio = Σ D·D* / Σ D*²       correlation = Σ D·D* / √(Σ D² · Σ D*²)
 *
 * A model that ignores the action has ratio 0; one that moves what it imagines as the ego moves has 1 and 1, but for
 * the blur of interpolation.
 */
export interface SensitivityRow {
  readonly action: AskedAction;
  readonly deviations: number;
  /** How much was asked for [m/s²], along or across. */
  readonly change: number;
  readonly seconds: number;
  readonly ratio: number;
  readonly correlation: number;
}

/** Σ D·D*, Σ D², Σ D*² of one action, step by step. */
export type SensitivitySums = { readonly [Name in "product" | "predicted" | "expected"]: Float64Array };

/** Deviations of the recorded actions: along, and across as speed²·steering [m/s²]. */
export function actionDeviations(batches: Iterable<ExaminedWindows>): ActionChange {
  let count = 0;
  let along = 0;
  let across = 0;
  for (const windows of batches) {
    const speeds = speedsAtNow(windows, slowestSteering);
    for (const step of actionsFromNow(windows)) {
      for (let b = 0; b < windows.count; b++) {
        along += step[2 * b]! ** 2;
        across += (step[2 * b + 1]! * speeds[b]! ** 2) ** 2;
        count++;
      }
    }
  }
  return { acceleration: Math.sqrt(along / count), lateral: Math.sqrt(across / count) };
}

/** Rows and columns at the edge of the picture that are left out: what comes into view there cannot be told. */
const edge = { rows: 6, columns: 2 } as const;

/** Asks one batch of windows for every action, in the order of `askedActions`. */
export function sensitivity(
  { config }: WindowSource,
  windows: ExaminedWindows,
  future: Future,
  unit: ActionChange,
  steps: number,
): SensitivitySums[] {
  const spec = pixelSpecs[config.pixels];
  const own = actionsFromNow(windows).slice(0, steps);
  const before = see(future, windows, config, own).views;
  const statesBefore = movedStates(windows, own, config.stepFrames);
  const size = spec.height * spec.width * channelCount;
  const moved = new Float32Array(size);
  return askedActions.map((asked) => {
    const actions = changedActions(windows, own, scaled(asked, unit));
    const after = see(future, windows, config, actions).views;
    const statesAfter = movedStates(windows, actions, config.stepFrames);
    const sums = {
      product: new Float64Array(steps),
      predicted: new Float64Array(steps),
      expected: new Float64Array(steps),
    };
    for (let t = 0; t < steps; t++) {
      for (let b = 0; b < windows.count; b++) {
        const { x, y, heading } = relativePose(statesBefore[t]!, statesAfter[t]!, b * egoStateSize);
        warpView(before[t]!, b * size, spec, x, y, heading, moved, 0);
        for (let i = edge.rows; i < spec.height - edge.rows; i++) {
          for (let j = edge.columns; j < spec.width - edge.columns; j++) {
            for (let c = 0; c < channelCount; c++) {
              const p = (i * spec.width + j) * channelCount + c;
              const predicted = after[t]![b * size + p]! - before[t]![b * size + p]!;
              const expected = moved[p]! - before[t]![b * size + p]!;
              sums.product[t]! += predicted * expected;
              sums.predicted[t]! += predicted ** 2;
              sums.expected[t]! += expected ** 2;
            }
          }
        }
      }
    }
    return sums;
  });
}

/** Where the ego of `after` is, seen from that of `before`; states [B, 4] at offset `i`. */
function relativePose(
  before: Float32Array,
  after: Float32Array,
  i: number,
): { x: number; y: number; heading: number } {
  const dx = after[i]! - before[i]!;
  const dy = after[i + 1]! - before[i + 1]!;
  const cos = Math.cos(before[i + 2]!);
  const sin = Math.sin(before[i + 2]!);
  return { x: dx * cos + dy * sin, y: dy * cos - dx * sin, heading: after[i + 2]! - before[i + 2]! };
}

/** Rows at the given steps. */
export function sensitivityRows(
  sums: readonly SensitivitySums[],
  unit: ActionChange,
  config: Pick<ForwardModelConfig, "stepFrames">,
  steps: readonly number[],
): SensitivityRow[] {
  return askedActions.flatMap((asked, i) =>
    steps.map((step) => {
      const at = (name: keyof SensitivitySums): number => sums[i]![name][step - 1]!;
      const [product, predicted, expected] = [at("product"), at("predicted"), at("expected")];
      const change = scaled(asked, unit);
      return {
        action: asked.action,
        deviations: asked.deviations,
        change: change.acceleration + change.lateral,
        seconds: step * config.stepFrames * frameSeconds,
        ratio: expected > 0 ? product / expected : 0,
        correlation: expected > 0 && predicted > 0 ? product / Math.sqrt(expected * predicted) : 0,
      };
    }),
  );
}

const scaled = (asked: ActionChange, unit: ActionChange): ActionChange => ({
  acceleration: asked.acceleration * unit.acceleration,
  lateral: asked.lateral * unit.lateral,
});

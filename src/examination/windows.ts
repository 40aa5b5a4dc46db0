import type { Rng } from "../core/index.ts";
import type { WindowSampler } from "../episodes/index.ts";
import {
  drawEgoWindows,
  startOfWindows,
  type CounterfactualConfig,
  type EgoWindows,
  type ForwardModelConfig,
  type RecordedStart,
} from "../forward-model/index.ts";

/** Windows whose future is known: what a model starts from, and what really came. */
export interface ExaminedWindows extends RecordedStart {
  /** Along the ego's way, before and after "now". */
  readonly egos: EgoWindows;
  /** Steps after "now". */
  readonly steps: number;
}

/** Where windows come from, and for which model. */
export interface WindowSource {
  readonly sampler: WindowSampler;
  readonly config: ForwardModelConfig;
}

/** Draws windows number `first` … `first + count − 1`, recorded or perturbed as `counterfactual` says. */
export function drawExaminedWindows(
  { sampler, config }: WindowSource,
  counterfactual: CounterfactualConfig,
  steps: number,
  rng: Rng,
  first: number,
  count: number,
): ExaminedWindows {
  const egos = drawEgoWindows(sampler, config, counterfactual, steps, rng, first, count);
  return { ...startOfWindows(sampler, config, egos, steps), steps, egos };
}

/** What the egos did from "now" on, one entry per step, [B, 2]. */
export function actionsFromNow({ egos, states }: ExaminedWindows): readonly Float32Array[] {
  return egos.actions.slice(states.length - 1);
}

/** The speed of every ego at "now" [m/s], but at least `floor`. */
export function speedsAtNow({ frames }: ExaminedWindows, floor = 0): Float32Array {
  return Float32Array.from(frames, ({ speed }) => Math.max(speed, floor));
}

/** Below this speed [m/s] steering is measured as if the ego went so fast: lateral acceleration = speed² · steering. */
export const slowestSteering = 6;

/** A constant change of the actions: along in m/s², across as lateral acceleration in m/s². */
export interface ActionChange {
  readonly acceleration: number;
  readonly lateral: number;
}

/** `actions` with `change` added at every step. */
export function changedActions(
  windows: ExaminedWindows,
  actions: readonly Float32Array[],
  change: ActionChange,
): Float32Array[] {
  const speeds = speedsAtNow(windows, slowestSteering);
  return actions.map((step) =>
    step.map((value, i) =>
      i % 2 === 0 ? value + change.acceleration : value + change.lateral / speeds[i >> 1]! ** 2,
    ),
  );
}

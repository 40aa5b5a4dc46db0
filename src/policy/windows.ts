import type { Rng } from "../core/index.ts";
import { pixelStateBytes, type Track, type WindowSampler, type WindowStart } from "../episodes/index.ts";
import {
  egoStateSize,
  renderWorldWindows,
  stepSeconds,
  toFractions,
  type ForwardModelConfig,
  type MovingFrame,
  type WorldWindows,
} from "../forward-model/index.ts";
import { pixelSpecs } from "../sim/index.ts";
import type { PolicyConfig } from "./config.ts";

/** B starts from which a policy imagines: what the ego sees and how it moves, and the world around it. */
export interface PolicyWindows {
  readonly count: number;
  readonly starts: readonly WindowStart[];
  readonly world: WorldWindows;
  readonly frames: readonly MovingFrame[];
  /** Tc entries, oldest first: what each ego saw, [B, H, W, C] in [0, 1]. */
  readonly views: readonly Float32Array[];
  /** The ego's own rectangle, [B, H, W] in [0, 1]. */
  readonly egoChannel: Float32Array;
  /** Tc entries, oldest first: ego states [B, 4] relative to the start (see `egoStateColumns`). */
  readonly states: readonly Float32Array[];
  /** [m], [B] each */
  readonly length: Float32Array;
  readonly width: Float32Array;
}

export interface PolicyWindowOptions {
  /** Recorded steps of the world to render after "now"; 0 when a model imagines them. */
  readonly futureSteps: number;
  /** Whether some starts are pushed off the record, so that the policy learns to come back. */
  readonly perturb: boolean;
}

/**
 * Draws windows number `first` … `first + count − 1` of an update. A pushed ego is where no human was, but the
 * recorded traffic is blind to it, so what it would have seen can still be rendered exactly.
 */
export function drawPolicyWindows(
  sampler: WindowSampler,
  model: ForwardModelConfig,
  policy: PolicyConfig["training"],
  rng: Rng,
  first: number,
  count: number,
  options: PolicyWindowOptions,
): PolicyWindows {
  const dt = stepSeconds(model);
  const spec = pixelSpecs[model.pixels];
  const bytes = pixelStateBytes(spec);
  const starts: WindowStart[] = [];
  const frames: MovingFrame[] = [];
  const views = Array.from({ length: model.contextFrames }, () => new Uint8Array(count * bytes));
  const states = Array.from({ length: model.contextFrames }, () => new Float32Array(count * egoStateSize));
  const egoBytes = new Uint8Array(count * spec.height * spec.width);
  for (let b = 0; b < count; b++) {
    const own = rng.fork(`window ${first + b}`);
    const start = sampler.draw(own);
    const { track, frame } = start;
    const push = options.perturb ? drawPush(policy, own) : null;
    const now = start.frame - track.firstFrame;
    const y = track.y[now]! + (push?.lateral ?? 0);
    const speed = Math.max(0, track.speed[now]! + (push?.speed ?? 0));
    const heading = track.heading[now]! + (push?.heading ?? 0);
    starts.push(start);
    frames.push({ x: track.x[now]!, y, speed });
    sampler.renderEgo(start, egoBytes, b * spec.height * spec.width);
    for (let k = 0; k < model.contextFrames; k++) {
      const back = model.contextFrames - 1 - k;
      const t = now - back * model.stepFrames;
      const seconds = back * dt;
      // A pushed ego has come on a straight line; otherwise it has come as recorded.
      const at =
        push === null
          ? { x: track.x[t]!, y: track.y[t]!, heading: track.heading[t]!, speed: track.speed[t]! }
          : {
              x: track.x[now]! - speed * seconds * Math.cos(heading),
              y: y - speed * seconds * Math.sin(heading),
              heading,
              speed,
            };
      states[k]!.set([at.x - track.x[now]!, at.y - y, at.heading, at.speed], b * egoStateSize);
      sampler.render(start, frame - back * model.stepFrames, at, views[k]!, b * bytes);
    }
  }
  return {
    count,
    starts,
    world: renderWorldWindows(sampler, model, starts, frames, frames, options.futureSteps),
    frames,
    views: views.map(toFractions),
    egoChannel: toFractions(egoBytes),
    states,
    length: Float32Array.from(starts, ({ track }) => track.length),
    width: Float32Array.from(starts, ({ track }) => track.width),
  };
}

function drawPush(
  { perturbedShare, lateralSpread, headingSpread, speedSpread }: PolicyConfig["training"],
  rng: Rng,
): { lateral: number; heading: number; speed: number } | null {
  if (rng.uniform() >= perturbedShare) return null;
  return {
    lateral: lateralSpread * rng.normal(),
    heading: headingSpread * rng.normal(),
    speed: speedSpread * rng.normal(),
  };
}

/** The recorded ego states after "now", steps × [B, 4] relative to the start. */
export function recordedStates(
  windows: PolicyWindows,
  model: ForwardModelConfig,
  steps: number,
): Float32Array[] {
  return Array.from({ length: steps }, (_, step) => {
    const states = new Float32Array(windows.count * egoStateSize);
    windows.starts.forEach(({ track, frame }, b) => {
      const t = frame - track.firstFrame + (step + 1) * model.stepFrames;
      const { x, y } = windows.frames[b]!;
      states.set([track.x[t]! - x, track.y[t]! - y, track.heading[t]!, track.speed[t]!], b * egoStateSize);
    });
    return states;
  });
}

/**
 * The action that, held for one step, comes closest to what the human did from "now" on, [B, 2]: the mean
 * acceleration, and the steering that gives the recorded change of heading.
 */
export function recordedActions(windows: PolicyWindows, model: ForwardModelConfig): Float32Array {
  const actions = new Float32Array(windows.count * 2);
  windows.starts.forEach(({ track, frame }, b) => {
    actions.set(meanAction(track, frame - track.firstFrame, model.stepFrames), 2 * b);
  });
  return actions;
}

function meanAction(track: Track, t: number, frames: number): [number, number] {
  const dt = 0.1;
  let travelled = 0;
  for (let k = 0; k < frames; k++) travelled += track.speed[t + k]! * dt;
  const turned = track.heading[t + frames]! - track.heading[t]!;
  return [
    (track.speed[t + frames]! - track.speed[t]!) / (frames * dt),
    travelled > 0.05 ? Math.tan(turned) / travelled : 0,
  ];
}

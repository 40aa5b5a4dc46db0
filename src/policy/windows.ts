import type { Rng } from "../core/index.ts";
import type { WindowSampler, WindowStart } from "../episodes/index.ts";
import {
  egoStateSize,
  heldAction,
  recordedWay,
  renderEgoWindows,
  renderWorldWindows,
  toFractions,
  type EgoWay,
  type ForwardModelConfig,
  type ImaginationStart,
  type WorldWindows,
} from "../forward-model/index.ts";
import type { Driver } from "../sim/index.ts";
import type { PolicyConfig } from "./config.ts";
import { drawOwnSteps, driveOn, type Departure } from "./own-driving.ts";

/** B starts from which a policy imagines: what the ego sees and how it moves, and the world around it. */
export interface PolicyWindows extends ImaginationStart {
  readonly starts: readonly WindowStart[];
  readonly world: WorldWindows;
  /** The ego's own rectangle, [B, H, W] in [0, 1]. */
  readonly egoChannel: Float32Array;
  /** [m], [B] each */
  readonly length: Float32Array;
  readonly width: Float32Array;
  /** What the humans went on to see, in their own frames: one entry [B, H, W, C] per step that was asked for. */
  readonly futureViews: readonly Float32Array[];
  /** Standard normal numbers to draw actions with, one [B, 2] per step that was asked for. */
  readonly actionNoise: readonly Float32Array[];
}

export interface PolicyWindowOptions {
  /** Recorded steps of the world to render after "now"; 0 when a model imagines them. */
  readonly futureSteps: number;
  /** Steps after "now" to render as the humans saw them; only where all starts are recorded ones. */
  readonly futureViews?: number;
  /** Steps for which a policy that is a distribution is to draw its actions. */
  readonly drawnSteps?: number;
  /** Whether some starts are pushed off the record, so that the policy learns to come back. */
  readonly perturb: boolean;
  /** Drives some egos for a while before "now": the policy that learns, so that it learns from where it gets to. */
  readonly driver?: Driver;
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
  const now = model.stepFrames * (model.contextFrames - 1);
  const shown = model.stepFrames * (options.futureViews ?? 0);
  if (shown > 0 && (options.perturb || options.driver !== undefined)) {
    throw new Error("expected recorded starts alone where humans' futures are shown, got others");
  }
  const departures = Array.from({ length: count }, (_, b): Departure => {
    const own = rng.fork(`window ${first + b}`);
    const drawn = sampler.draw(own);
    const push = options.perturb ? drawPush(policy, own) : null;
    const steps = options.driver === undefined ? 0 : drawOwnSteps(sampler, model, policy, drawn, own);
    const start = { ...drawn, frame: drawn.frame - steps * model.stepFrames };
    const way = push === null ? recordedWay(start, now, shown) : pushedWay(recordedWay(start, now, 0), push);
    return { start, way, steps, rng: own };
  });
  const arrivals =
    options.driver === undefined ? departures : driveOn(sampler, model, departures, options.driver);
  const starts = arrivals.map(({ start }) => start);
  const ways = arrivals.map(({ way }) => way);
  const egos = renderEgoWindows(sampler, model, starts, ways, options.futureViews ?? 0);
  const context = model.contextFrames;
  const frames = ways.map(({ x, y, speed }) => ({ x: x[now]!, y: y[now]!, speed: speed[now]! }));
  return {
    count,
    starts,
    world: renderWorldWindows(sampler, model, starts, frames, frames, options.futureSteps),
    frames,
    views: egos.pictures.slice(0, context).map(toFractions),
    futureViews: egos.pictures.slice(context).map(toFractions),
    egoChannel: toFractions(egos.egoPicture),
    states: egos.egoStates.slice(0, context),
    length: egos.length,
    width: egos.width,
    actionNoise: drawActionNoise(
      departures.map(({ rng }) => rng),
      options.drawnSteps ?? 0,
    ),
  };
}

/** T entries [B, 2], each window's numbers from its own stream. */
function drawActionNoise(rngs: readonly Rng[], steps: number): Float32Array[] {
  const noise = Array.from({ length: steps }, () => new Float32Array(2 * rngs.length));
  rngs.forEach((rng, b) => {
    const own = rng.fork("actions");
    for (const row of noise) row.set([own.normal(), own.normal()], 2 * b);
  });
  return noise;
}

/** A start pushed off the record [m, rad, m/s]. */
interface Push {
  readonly lateral: number;
  readonly heading: number;
  readonly speed: number;
}

/** The way of a pushed ego: it has come on a straight line. */
function pushedWay(recorded: EgoWay, push: Push): EgoWay {
  const now = recorded.x.length - 1;
  const y = recorded.y[now]! + push.lateral;
  const speed = Math.max(0, recorded.speed[now]! + push.speed);
  const heading = recorded.heading[now]! + push.heading;
  const before = (t: number): number => speed * (now - t) * 0.1;
  return {
    x: recorded.x.map((_, t) => recorded.x[now]! - before(t) * Math.cos(heading)),
    y: recorded.y.map((_, t) => y - before(t) * Math.sin(heading)),
    heading: recorded.heading.map(() => heading),
    speed: recorded.speed.map(() => speed),
  };
}

function drawPush(
  { perturbedShare, lateralSpread, headingSpread, speedSpread }: PolicyConfig["training"],
  rng: Rng,
): Push | null {
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

/** What the humans did `step` steps after "now", held for one step, [B, 2] (see `heldAction`). */
export function recordedActions(windows: PolicyWindows, model: ForwardModelConfig, step = 0): Float32Array {
  const actions = new Float32Array(windows.count * 2);
  windows.starts.forEach(({ track, frame }, b) => {
    const t = frame - track.firstFrame + step * model.stepFrames;
    actions.set(heldAction(track, t, model.stepFrames), 2 * b);
  });
  return actions;
}

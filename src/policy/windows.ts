import { frameSeconds as dt, type Rng } from "../core/index.ts";
import type { WindowSampler, WindowStart } from "../episodes/index.ts";
import {
  egoStateSize,
  heldAction,
  recordedWay,
  renderEgoWindows,
  startOfWindows,
  toFractions,
  type EgoWay,
  type ForwardModelConfig,
  type RecordedStart,
} from "../forward-model/index.ts";
import type { Driver } from "../sim/index.ts";
import type { PolicyConfig } from "./config.ts";
import { drawOwnSteps, driveOn, type Departure } from "./own-driving.ts";

/** B starts from which a policy imagines: what the ego sees and how it moves, and the world around it. */
export interface PolicyWindows extends RecordedStart {
  readonly starts: readonly WindowStart[];
  /** The ego's own rectangle, [B, H, W] in [0, 1]. */
  readonly egoChannel: Float32Array;
  /** What was to be seen from the ego's frame as `futureActions` lead it: [B, H, W, C] per step that was asked for. */
  readonly futureViews: readonly Float32Array[];
  /** [B, 2] each: what the humans did, or nothing (`PolicyWindowOptions.future`). */
  readonly futureActions: readonly Float32Array[];
  /** Standard normal numbers to draw actions with, one [B, 2] per step that was asked for. */
  readonly actionNoise: readonly Float32Array[];
}

/** Which of an update's windows a worker holds: `windows.count` consecutive ones from number `first` on. */
export interface Shard {
  readonly windows: PolicyWindows;
  readonly first: number;
}

export interface PolicyWindowOptions {
  /** Recorded steps of the world to render after "now"; 0 when a model imagines them. */
  readonly futureSteps: number;
  /** Steps after "now" to render as the ego itself would see them. */
  readonly futureViews?: number;
  /** How that ego goes on: as the human did, which takes recorded starts alone, or straight on at its speed. */
  readonly future?: "recorded" | "coasting";
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
  const { futureViews = 0, future = "recorded" } = options;
  const shown = future === "recorded" ? model.stepFrames * futureViews : 0;
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
  const ways = arrivals.map(({ way }) =>
    future === "coasting" ? coastOn(way, model.stepFrames * futureViews) : way,
  );
  const egos = renderEgoWindows(sampler, model, starts, ways, futureViews);
  return {
    ...startOfWindows(sampler, model, egos, options.futureSteps),
    starts,
    egoChannel: toFractions(egos.egoPicture),
    futureViews: egos.pictures.slice(model.contextFrames).map(toFractions),
    futureActions: egos.actions.slice(model.contextFrames - 1),
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
  const before = (t: number): number => speed * (now - t) * dt;
  return {
    x: recorded.x.map((_, t) => recorded.x[now]! - before(t) * Math.cos(heading)),
    y: recorded.y.map((_, t) => y - before(t) * Math.sin(heading)),
    heading: recorded.heading.map(() => heading),
    speed: recorded.speed.map(() => speed),
  };
}

/** A way that goes straight on at its last speed for `frames` more. */
function coastOn(way: EgoWay, frames: number): EgoWay {
  const now = way.x.length - 1;
  const [heading, speed] = [way.heading[now]!, way.speed[now]!];
  const travelled = Float64Array.from({ length: frames }, (_, k) => speed * (k + 1) * dt);
  const longer = (past: ArrayLike<number>, next: Float64Array): Float64Array =>
    Float64Array.of(...Array.from(past), ...next);
  return {
    x: longer(
      way.x,
      travelled.map((path) => way.x[now]! + path * Math.cos(heading)),
    ),
    y: longer(
      way.y,
      travelled.map((path) => way.y[now]! + path * Math.sin(heading)),
    ),
    heading: longer(
      way.heading,
      travelled.map(() => heading),
    ),
    speed: longer(
      way.speed,
      travelled.map(() => speed),
    ),
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

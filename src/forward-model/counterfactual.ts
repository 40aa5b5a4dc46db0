import { z } from "zod";
import { frameSeconds as dt, type Rng } from "../core/index.ts";
import { advance, recoverAction, type Action } from "../sim/index.ts";
import { stateOnWay, type EgoWay } from "./ego-way.ts";

const share = z.number().min(0).max(1);
const size = z.number().min(0);

/**
 * How far, and how often, egos are led off their record. People hardly show what a car does when it is driven badly, and
 * to a model that sees what they do the action is a symptom: who accelerates has a free road ahead. So every window
 * leaves the record, and forgets how its driver accelerated. The bounds are those of a policy's actions; the shares mix
 * gentle with strong, so that neither ordinary driving nor its edge is rare.
 */
export const CounterfactualConfig = z.strictObject({
  share: share.default(1).describe("of the training windows that leave the record; 0 switches them off"),
  fromPastShare: share
    .default(0.6)
    .describe(
      "of these, led off from the first context frame on, so that the context shows it; else from now on",
    ),
  offsetShare: share.default(0.5).describe("of those led off early, moved aside as well"),
  lateralOffset: size.default(1.85).describe("largest sideways offset: to the lane line [m]"),
  headingOffset: size.default(0.02).describe("deviation of the heading's offset [rad]"),
  speedOffset: size.default(1).describe("deviation of the speed's offset [m/s]"),
  strongShare: share
    .default(0.5)
    .describe("of the windows with the strong amplitudes, along and across apart"),
  constantShare: share.default(0.5).describe("of the accelerations that are constant; else a sinusoid"),
  forgetShare: share
    .default(1)
    .describe("of the windows that drop the recorded acceleration instead of adding to it"),
  gentleAcceleration: size.default(1.5).describe("largest amplitude of a gentle change [m/s²]"),
  strongAcceleration: size.default(3.5).describe("largest amplitude of a strong change [m/s²]"),
  whiteAcceleration: size.default(0.4).describe("deviation of what is added anew in every step [m/s²]"),
  maxAcceleration: size.default(4).describe("bound of the sum: that of a policy's output [m/s²]"),
  gentleLateral: size.default(0.3).describe("largest amplitude of gentle weaving, speed²·steering [m/s²]"),
  strongLateral: size.default(1).describe("largest amplitude of strong weaving [m/s²]"),
  maxLateral: size.default(1.2).describe("bound of all steering: that of a policy's output [m/s²]"),
  driftShare: share.default(0.4).describe("of the windows that drift across their lane"),
  driftSpeed: size.default(1.2).describe("largest sideways speed of a drift: a lane in three seconds [m/s]"),
  shortestPeriod: z.number().positive().default(2).describe("of a sinusoid [s]"),
  longestPeriod: z.number().positive().default(8).describe("of a sinusoid [s]"),
});
export type CounterfactualConfig = z.infer<typeof CounterfactualConfig>;

/** What leads an ego off its record. All zero, `forget` false: it stays on it to the bit. */
export interface Perturbation {
  /** The first frame of the way that leads elsewhere than recorded. */
  readonly from: number;
  /** Moved aside at frame 0 [m, rad, m/s]; only where `from` is 0. */
  readonly offset: { readonly lateral: number; readonly heading: number; readonly speed: number };
  /** Drops the recorded acceleration. */
  readonly forget: boolean;
  /** Added at each frame [m/s²]: along, and across as speed²·steering. */
  readonly acceleration: Float64Array;
  readonly lateral: Float64Array;
  /** Sideways speed that the ego keeps up [m/s]. */
  readonly drift: number;
}

/** How long a way is, and how long an action is held: frames of 0.1 s. */
export interface WayShape {
  readonly pastFrames: number;
  readonly futureFrames: number;
  readonly stepFrames: number;
}

/** Below this speed [m/s] a bound on the lateral acceleration no longer widens the steering, as in a policy. */
const slowest = 6;
/** The heading returns to where it should be with this time constant [s]: a weaving ego stays near its lane. */
const settlingSeconds = 1;

/** Draws one perturbation, or null where the window stays as recorded. */
export function drawPerturbation(
  config: CounterfactualConfig,
  { pastFrames, futureFrames, stepFrames }: WayShape,
  rng: Rng,
): Perturbation | null {
  const chance = (probability: number): boolean => rng.uniform() < probability;
  const upTo = (limit: number): number => limit * rng.uniform();
  if (!chance(config.share)) return null;
  const from = chance(config.fromPastShare) ? 0 : pastFrames;
  const aside = from === 0 && chance(config.offsetShare);
  const wave = (amplitude: number, constant: boolean): ((seconds: number) => number) => {
    const signed = chance(0.5) ? amplitude : -amplitude;
    const period = config.shortestPeriod + upTo(config.longestPeriod - config.shortestPeriod);
    const phase = upTo(2 * Math.PI);
    return (seconds) => (constant ? signed : signed * Math.sin((2 * Math.PI * seconds) / period + phase));
  };
  const along = wave(
    upTo(chance(config.strongShare) ? config.strongAcceleration : config.gentleAcceleration),
    chance(config.constantShare),
  );
  const across = wave(upTo(chance(config.strongShare) ? config.strongLateral : config.gentleLateral), false);
  const frames = pastFrames + futureFrames;
  const acceleration = new Float64Array(frames);
  const lateral = new Float64Array(frames);
  // An action is held for a step, as a policy holds it.
  for (let t = from; t < frames; t += stepFrames) {
    acceleration.fill(along(t * dt) + config.whiteAcceleration * rng.normal(), t, t + stepFrames);
    lateral.fill(across(t * dt), t, t + stepFrames);
  }
  return {
    from,
    offset: {
      lateral: aside ? config.lateralOffset * (2 * rng.uniform() - 1) : 0,
      heading: aside ? config.headingOffset * rng.normal() : 0,
      speed: aside ? config.speedOffset * rng.normal() : 0,
    },
    forget: chance(config.forgetShare),
    acceleration,
    lateral,
    drift: chance(config.driftShare) ? config.driftSpeed * (2 * rng.uniform() - 1) : 0,
  };
}

/** `factor` times as much of everything that can be had in parts. */
export function scalePerturbation(perturbation: Perturbation, factor: number): Perturbation {
  const { offset, acceleration, lateral, drift } = perturbation;
  return {
    ...perturbation,
    offset: {
      lateral: factor * offset.lateral,
      heading: factor * offset.heading,
      speed: factor * offset.speed,
    },
    acceleration: acceleration.map((value) => factor * value),
    lateral: lateral.map((value) => factor * value),
    drift: factor * drift,
  };
}

/**
 * The way of an ego that does as `recorded` but for `perturbation`, by the simulator's kinematics. The others are
 * recorded and blind to it: it may drive through them, and what it then sees is kept, since that is what a collision
 * course looks like.
 */
export function perturbedWay(
  recorded: EgoWay,
  perturbation: Perturbation,
  bounds: Pick<CounterfactualConfig, "maxAcceleration" | "maxLateral">,
): EgoWay {
  const { from, offset, forget, acceleration, lateral, drift } = perturbation;
  const way = {
    x: recorded.x.slice(),
    y: recorded.y.slice(),
    heading: recorded.heading.slice(),
    speed: recorded.speed.slice(),
  };
  way.y[0]! += offset.lateral;
  way.heading[0]! += offset.heading;
  way.speed[0] = Math.max(0, way.speed[0]! + offset.speed);
  const steers = drift !== 0 || forget;
  let onRecord = offset.lateral === 0 && offset.heading === 0 && offset.speed === 0;
  const ego = stateOnWay(way, 0);
  for (let t = 0; t < way.x.length - 1; t++) {
    onRecord &&= t < from || (!steers && acceleration[t] === 0 && lateral[t] === 0);
    // Integrating the recorded actions anew would come out a rounding error beside the record.
    if (onRecord) {
      Object.assign(ego, stateOnWay(way, t + 1));
      continue;
    }
    advance(ego, actionAt(t), dt);
    way.x[t + 1] = ego.x;
    way.y[t + 1] = ego.y;
    way.heading[t + 1] = ego.heading;
    way.speed[t + 1] = ego.speed;
  }
  return way;

  function actionAt(t: number): Action {
    const own = recoverAction(stateOnWay(recorded, t), stateOnWay(recorded, t + 1), dt);
    const speed = Math.max(ego.speed, slowest);
    const wanted = recorded.heading[t]! + drift / Math.max(speed, 10 * settlingSeconds);
    const turning = (wanted - ego.heading) / (settlingSeconds * speed);
    const sharpest = bounds.maxLateral / speed ** 2;
    return {
      acceleration: clamp((forget ? 0 : own.acceleration) + acceleration[t]!, bounds.maxAcceleration),
      steering: clamp(own.steering + lateral[t]! / speed ** 2 + turning, sharpest),
    };
  }
}

const clamp = (value: number, bound: number): number => Math.max(-bound, Math.min(bound, value));

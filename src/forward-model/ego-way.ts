import { frameSeconds as dt } from "../core/index.ts";
import type { Track, WindowStart } from "../episodes/index.ts";
import type { VehicleState } from "../sim/index.ts";
import { egoStateSize } from "./ego-motion.ts";

/**
 * How an ego moves through a window, frame by frame: centers [m], headings [rad], speeds [m/s]. Entry t of heading and
 * speed leads from position t to position t + 1, as in a track.
 */
export type EgoWay = Pick<Track, "x" | "y" | "heading" | "speed">;

/** The way that was recorded, from `past` frames before "now" to `future` frames after it: views, no copies. */
export function recordedWay({ track, frame }: WindowStart, past: number, future: number): EgoWay {
  const first = frame - track.firstFrame - past;
  const end = first + past + future + 1;
  return {
    x: track.x.subarray(first, end),
    y: track.y.subarray(first, end),
    heading: track.heading.subarray(first, end),
    speed: track.speed.subarray(first, end),
  };
}

/** The ego at frame t of its way. */
export function stateOnWay({ x, y, heading, speed }: EgoWay, t: number): VehicleState {
  return { x: x[t]!, y: y[t]!, heading: heading[t]!, speed: speed[t]! };
}

/**
 * The action that, held from frame t for `frames` frames, comes closest to what was done: the mean acceleration, and
 * the steering that gives the same change of heading.
 * @returns [acceleration, steering] in m/s² and 1/m
 */
export function heldAction({ heading, speed }: EgoWay, t: number, frames: number): [number, number] {
  let travelled = 0;
  for (let k = 0; k < frames; k++) travelled += speed[t + k]! * dt;
  return [
    (speed[t + frames]! - speed[t]!) / (frames * dt),
    travelled > shortestPath ? Math.tan(heading[t + frames]! - heading[t]!) / travelled : 0,
  ];
}

/** Below this [m] a change of heading is rounding, not steering. */
const shortestPath = 0.05;

/** The ego state at frame t, relative to the center at frame `now`, written to `into` as row `b` of [B, 4]. */
export function writeEgoState(way: EgoWay, now: number, t: number, into: Float32Array, b: number): void {
  into.set(
    [way.x[t]! - way.x[now]!, way.y[t]! - way.y[now]!, way.heading[t]!, way.speed[t]!],
    b * egoStateSize,
  );
}

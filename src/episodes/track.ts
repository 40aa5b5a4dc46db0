import { statesFromPositions, type Bend, type VehicleState } from "../sim/index.ts";
import { quantize, quantizePath } from "./quantize.ts";
import type { Track } from "./recording.ts";

/** What is known of a vehicle before headings and speeds are derived: centers [m] at consecutive frames, size [m]. */
export type TrackPositions = Omit<Track, "heading" | "speed">;

/**
 * Makes a track from positions: rounds them to the grid of `quantize.ts` (copied, not in place) and derives the
 * headings and speeds that the kinematics need to follow them exactly.
 */
export function createTrack(positions: TrackPositions, dt: number, bend?: Bend): Track {
  const x = positions.x.slice();
  const y = positions.y.slice();
  quantizePath(x, y);
  return trackFromGrid(
    { ...positions, x, y, length: quantize(positions.length), width: quantize(positions.width) },
    dt,
    bend,
  );
}

/** The same for positions that lie on the grid already. */
export function trackFromGrid(positions: TrackPositions, dt: number, bend?: Bend): Track {
  const { id, firstFrame, length, width, x, y } = positions;
  return { id, firstFrame, length, width, x, y, ...statesFromPositions(x, y, dt, bend) };
}

/** The frame after a track's last one. */
export const trackEnd = (track: Track): number => track.firstFrame + track.x.length;

/** Writes the state at `frame` into `into`; false when the vehicle was not recorded then. */
export function stateAt(track: Track, frame: number, into: VehicleState): boolean {
  const t = frame - track.firstFrame;
  if (t < 0 || t >= track.x.length) return false;
  into.x = track.x[t]!;
  into.y = track.y[t]!;
  into.heading = track.heading[t]!;
  into.speed = track.speed[t]!;
  return true;
}

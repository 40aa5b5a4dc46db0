import { laneAt } from "../sim/index.ts";
import type { Recording, Track } from "./recording.ts";

/** Who heads less than this out of the lane is not changing lanes [rad]. */
const slightestHeading = 0.01;
/** Headings are taken over so much time [s]. */
const headingSeconds = 1;
/** No lane change takes longer than this before or after a frame [s], standing in a jam included. */
const longestChange = 20;

/** A lane change under way: the lanes, and how far along the road it still goes on [m]. */
export interface LaneChange {
  readonly from: number;
  readonly to: number;
  readonly distance: number;
}

/**
 * The lane change that a recorded vehicle is in at `frame`, or null: it heads to one side throughout, before and after
 * the frame, and thereby gets from the middle of one lane into the next.
 */
export function laneChangeAt({ road, dt }: Recording, track: Track, frame: number): LaneChange | null {
  const now = frame - track.firstFrame;
  const last = track.x.length - 1;
  const reach = Math.round(longestChange / dt);
  const half = Math.round(headingSeconds / dt / 2);
  const headingAt = (t: number): number => {
    const from = Math.max(0, t - half);
    const to = Math.min(last, t + half);
    const dx = track.x[to] - track.x[from];
    return dx > 0 ? (track.y[to] - track.y[from]) / dx : track.heading[t];
  };
  const direction = Math.sign(headingAt(now));
  const goesOn = (t: number): boolean => direction * headingAt(t) >= slightestHeading;
  if (!goesOn(now)) return null;

  // As far back and ahead as it moves to that side.
  let first = now;
  while (first > 0 && now - first < reach && goesOn(first - 1)) first--;
  let end = now;
  while (end < last && end - now < reach && goesOn(end + 1)) end++;
  const from = laneAt(road, track.x[first], track.y[first]);
  const to = laneAt(road, track.x[end], track.y[end]);
  // A path crosses one line; left has the smaller index.
  if (from < 0 || to < 0 || to - from !== -direction) return null;
  const beyond = end < last ? 0 : Math.abs((road.lanes[to].center - track.y[end]) / headingAt(end));
  return { from, to, distance: track.x[end] - track.x[now] + beyond };
}

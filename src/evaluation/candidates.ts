import { isCovered, type FrameRange, type Recording } from "../episodes/index.ts";
import { laneAt, type Road } from "../sim/index.ts";
import type { ClipProtocol, SegmentProtocol, Start } from "./protocol.ts";

/** Whether a point [m] lies on a lane that runs along the whole road: no ramp, no auxiliary lane. */
function isOnMainLane(road: Road, x: number, y: number): boolean {
  const lane = road.lanes[laneAt(road, x, y)];
  return lane !== undefined && lane.start <= 0 && lane.end >= road.length;
}

/** Takes over where the vehicle crosses `fromX` on a main lane; null when it does not get to `toX` in time. */
export function segmentCandidate(
  recording: Recording,
  range: FrameRange,
  protocol: SegmentProtocol,
  trackIndex: number,
): Start | null {
  const track = recording.tracks[trackIndex];
  if (!(track.x[0] < protocol.fromX)) return null;
  const crossing = firstAtOrBeyond(track.x, protocol.fromX);
  const arrival = firstAtOrBeyond(track.x, protocol.toX);
  if (arrival < 0 || crossing < protocol.warmUpFrames) return null;
  if (!isOnMainLane(recording.road, track.x[crossing], track.y[crossing])) return null;
  const frame = track.firstFrame + crossing;
  const humanFrames = arrival - crossing;
  const endFrame =
    frame + Math.ceil(protocol.timeoutFactor * humanFrames + protocol.timeoutSlackSeconds / recording.dt);
  if (frame - protocol.warmUpFrames < range.firstFrame || endFrame >= range.endFrame) return null;
  const startX = track.x[crossing];
  return {
    track: trackIndex,
    frame,
    endFrame,
    warmUpFrames: protocol.warmUpFrames,
    startX,
    goalX: protocol.toX,
    requiredDistance: protocol.toX - startX,
    humanFrames,
  };
}

/** Takes over for the longest stretch of time in which the vehicle is on a main lane and its surroundings covered. */
export function clipCandidate(
  recording: Recording,
  range: FrameRange,
  protocol: ClipProtocol,
  trackIndex: number,
): Start | null {
  const track = recording.tracks[trackIndex];
  let first = 0;
  let length = 0;
  let run = 0;
  for (let t = 0; t < track.x.length; t++) {
    const frame = track.firstFrame + t;
    const x = track.x[t];
    const usable =
      frame >= range.firstFrame &&
      frame < range.endFrame &&
      isOnMainLane(recording.road, x, track.y[t]) &&
      isCovered(recording, frame, x - protocol.coveredBehind, x + protocol.coveredAhead);
    run = usable ? run + 1 : 0;
    if (run > length) {
      length = run;
      first = t - run + 1;
    }
  }
  if ((length - 1) * recording.dt < protocol.minimumSeconds) return null;
  const takeOver = first + protocol.warmUpFrames;
  const last = first + length - 1;
  const startX = track.x[takeOver];
  const goalX = track.x[last];
  if (goalX - startX < protocol.minimumDistance) return null;
  return {
    track: trackIndex,
    frame: track.firstFrame + takeOver,
    endFrame: track.firstFrame + last,
    warmUpFrames: protocol.warmUpFrames,
    startX,
    goalX,
    requiredDistance: protocol.requiredFraction * (goalX - startX),
    humanFrames: last - takeOver,
  };
}

/** Index of the first value ≥ `bound` in values that do not fall; −1 when there is none. */
function firstAtOrBeyond(values: Float64Array, bound: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low < values.length ? low : -1;
}

import { laneAt } from "../sim/index.ts";
import type { ObservedPart } from "./observe.ts";
import type { Recording } from "../episodes/index.ts";

export interface LaneChange {
  /** Null where its beginning or end was not seen. */
  readonly seconds: number | null;
}

/** In its lane before and after for at least this long, else it was no change but a line touched [s]. */
const settledSeconds = 1;
/** A change lasts while the sideways speed is above this [m/s]. */
const sideways = 0.15;

/**
 * Lane changes between main lanes of one track, within the observed part, and how far it drove there [m] where a change would
 * have been told: a track that is seen for a second less on either side may hold one there that does not count.
 */
export function findLaneChanges(
  recording: Recording,
  trackIndex: number,
  { range, mainLanes, stretch }: Omit<ObservedPart, "recording">,
): { readonly changes: readonly LaneChange[]; readonly meters: number } {
  const { dt, road } = recording;
  const track = recording.tracks[trackIndex];
  const settled = Math.round(settledSeconds / dt);
  const first = Math.max(0, range.firstFrame - track.firstFrame);
  const end = Math.min(track.x.length, range.endFrame - track.firstFrame);
  const lanes = Int32Array.from({ length: end }, (_, t) => laneAt(road, track.x[t]!, track.y[t]!));
  const changes: LaneChange[] = [];
  let meters = 0;
  for (let t = first + 1; t < end; t++) {
    const x = track.x[t]!;
    if (x < stretch[0] || x > stretch[1] || lanes[t] < 0 || lanes[t] >= mainLanes) continue;
    if (t - settled < first || t + settled > end) continue;
    meters += x - track.x[t - 1]!;
    const from = lanes[t - 1];
    if (from === lanes[t] || from < 0 || from >= mainLanes) continue;
    const before = lanes.subarray(t - settled, t);
    const after = lanes.subarray(t, t + settled);
    if (before.every((lane) => lane === from) && after.every((lane) => lane === lanes[t])) {
      changes.push({ seconds: durationAround(track.y, t, first, end, dt) });
    }
  }
  return { changes, meters };
}

function durationAround(
  y: Float64Array,
  crossing: number,
  first: number,
  end: number,
  dt: number,
): number | null {
  const direction = Math.sign(y[crossing]! - y[crossing - 1]!);
  const moves = (t: number): boolean => (direction * (y[t]! - y[t - 1]!)) / dt > sideways;
  let begin = crossing;
  while (begin - 1 > first && moves(begin - 1)) begin--;
  let finish = crossing;
  while (finish + 1 < end && moves(finish + 1)) finish++;
  if (begin - 1 <= first || finish + 1 >= end) return null;
  return (finish - begin + 1) * dt;
}

import { laneAt, type Road } from "../../sim/index.ts";
import type { Track } from "../recording.ts";
import { trackEnd } from "../track.ts";
import { limits } from "./limits.ts";
import type { Notes } from "./notes.ts";
import type { TimelineClip } from "./timeline.ts";

/** Whether a vehicle comes into sight where it cannot have come from outside: it was overlooked before. */
export const appearsInMidRoad = (track: Track, clip: Span, road: Road): boolean =>
  track.firstFrame > clip.firstFrame && !isNearLaneEnd(track, 0, road);

/** Whether it is lost where it cannot have left. */
export const vanishesInMidRoad = (track: Track, clip: Span, road: Road): boolean =>
  trackEnd(track) < clip.endFrame && !isNearLaneEnd(track, track.x.length - 1, road);

type Span = Pick<TimelineClip, "firstFrame" | "endFrame">;

/** Whether a vehicle may come from, or leave to, outside at this place: the road ends, or its lane does. */
function isNearLaneEnd(track: Track, t: number, road: Road): boolean {
  const x = track.x[t];
  if (x <= limits.laneEnd || x >= road.length - limits.laneEnd) return true;
  const lane = road.lanes[laneAt(road, x, track.y[t])];
  // Beside all lanes: a ramp that is not drawn.
  if (lane === undefined) return true;
  return Math.min(Math.abs(x - lane.start), Math.abs(x - lane.end)) <= limits.laneEnd;
}

/** Notes which of these tracks do so, by the names of their vehicles. */
export function noteMidRoad(
  tracks: readonly Track[],
  clip: TimelineClip,
  road: Road,
  names: ReadonlyMap<Track, string>,
  notes: Notes,
): void {
  const unknown = `the road there counts as unseen for ${limits.overlookedSeconds} s`;
  for (const track of tracks) {
    const note = (reason: string): void => notes.repair(clip.name, names.get(track)!, reason);
    if (appearsInMidRoad(track, clip, road)) {
      note(`comes into sight at ${track.x[0].toFixed(0)} m: ${unknown} before`);
    }
    if (vanishesInMidRoad(track, clip, road)) {
      note(`is lost at ${track.x.at(-1)!.toFixed(0)} m: ${unknown} after`);
    }
  }
}

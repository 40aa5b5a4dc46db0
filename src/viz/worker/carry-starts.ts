import type { Recording } from "../../episodes/index.ts";
import type { Start } from "../../evaluation/index.ts";

interface Drivable {
  readonly recording: Recording;
  readonly starts: readonly Start[];
}

/**
 * The starts of traffic that was changed at a frame: those from before stay, at the same places in the list and with
 * the same goals; later ones are those of the changed traffic.
 */
export function carryStarts(before: Drivable, after: Drivable, frame: number): Start[] {
  const begins = (start: Start): number => start.frame - start.warmUpFrames;
  const indexById = new Map(after.recording.tracks.map(({ id }, index) => [id, index]));
  const carried = before.starts
    .filter((start) => begins(start) <= frame)
    .flatMap((start) => {
      const track = indexById.get(before.recording.tracks[start.track].id);
      if (track === undefined) return [];
      return [{ ...start, track, humanFrames: framesToGoal(after.recording, track, start) }];
    });
  return [...carried, ...after.starts.filter((start) => begins(start) > frame)];
}

/** Frames from the take-over until the vehicle is at the goal, or until its track ends. */
function framesToGoal({ tracks }: Recording, trackIndex: number, { frame, goalX }: Start): number {
  const { x, firstFrame } = tracks[trackIndex];
  const from = frame - firstFrame;
  const arrival = x.findIndex((place, t) => t >= from && place >= goalX);
  return (arrival < 0 ? x.length - 1 : arrival) - from;
}

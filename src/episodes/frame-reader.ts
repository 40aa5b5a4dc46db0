import type { Traffic } from "../sim/index.ts";
import type { Recording } from "./recording.ts";

/** Reads a recording frame by frame into Traffic, without allocating. */
export interface FrameReader {
  /** Most vehicles present in any frame: how large a Traffic must be. */
  readonly capacity: number;
  /** Fills `into` with every vehicle present at `frame`, in the order of `tracks`; a frame outside is empty road. */
  read(frame: number, into: Traffic): void;
  /** As `read`, but only centers within `range` [m] of `x` along the road, and without track `except` (index, −1: nobody). */
  readAround(frame: number, into: Traffic, x: number, range: number, except: number): void;
  /** Where `read` puts the track of that index at that frame, −1 when it is not present. */
  slotOf(frame: number, trackIndex: number): number;
}

/** Indexes a recording by frame; costs 12 bytes per vehicle and frame. */
export function createFrameReader(recording: Pick<Recording, "tracks" | "frames">): FrameReader {
  const { tracks, frames } = recording;
  const starts = new Int32Array(frames + 1);
  for (const track of tracks) {
    for (let t = 0; t < track.x.length; t++) starts[track.firstFrame + t + 1]++;
  }
  let capacity = 0;
  for (let frame = 0; frame < frames; frame++) {
    capacity = Math.max(capacity, starts[frame + 1]);
    starts[frame + 1] += starts[frame];
  }
  const members = new Int32Array(starts[frames]);
  // Apart from the tracks and frame by frame, so that looking for the near ones reads memory in a row.
  const positions = new Float64Array(starts[frames]);
  const filled = starts.slice();
  tracks.forEach((track, index) => {
    for (let t = 0; t < track.x.length; t++) {
      const place = filled[track.firstFrame + t]++;
      members[place] = index;
      positions[place] = track.x[t];
    }
  });

  const readAround: FrameReader["readAround"] = (frame, into, x, range, except) => {
    let count = 0;
    if (frame >= 0 && frame < frames) {
      const low = x - range;
      const high = x + range;
      const end = starts[frame + 1];
      for (let m = starts[frame]; m < end; m++) {
        const trackX = positions[m];
        if (trackX < low || trackX > high || members[m] === except) continue;
        const track = tracks[members[m]];
        const t = frame - track.firstFrame;
        into.id[count] = track.id;
        into.x[count] = trackX;
        into.y[count] = track.y[t]!;
        into.heading[count] = track.heading[t]!;
        into.speed[count] = track.speed[t]!;
        into.length[count] = track.length;
        into.width[count] = track.width;
        count++;
      }
    }
    into.count = count;
  };

  return {
    capacity,
    read: (frame, into) => readAround(frame, into, 0, Number.POSITIVE_INFINITY, -1),
    readAround,
    slotOf(frame, trackIndex) {
      if (frame < 0 || frame >= frames) return -1;
      let low = starts[frame];
      let high = starts[frame + 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (members[middle] < trackIndex) low = middle + 1;
        else high = middle;
      }
      return low < starts[frame + 1] && members[low] === trackIndex ? low - starts[frame] : -1;
    },
  };
}

import { InputError } from "../../core/index.ts";
import type { Coverage, Recording, Track } from "../recording.ts";
import { readCsv } from "./csv.ts";
import type { NamedText } from "./imported.ts";

/** The hind end of a window moves with the hindmost vehicle; it is measured anew every so many frames. */
const sliceFrames = 5;
/** Windows speak of front centers, coverage of centers: half a car less at the far end [m]. */
const halfCar = 2.5;

/**
 * The windows of the source scenes on the timeline. Their far end is sharp, but late entrants are missing at their
 * near end, so there they reach back only to the hindmost vehicle.
 * @param bridgedFrames how long a window is taken to go on after its end: as long as tracks are bridged.
 * @throws InputError naming file, line and column.
 */
export function us101Coverage(
  file: NamedText,
  clips: Recording["clips"],
  tracks: readonly Track[],
  bridgedFrames: number,
): Coverage[] {
  const table = readCsv(file.text, file.name, {
    numbers: ["frame0", "frames", "s_min", "s_max"],
    texts: ["cluster"],
  });
  const { frame0, frames, s_min, s_max } = table.numbers;
  const coverage: Coverage[] = [];
  for (let row = 0; row < table.rows; row++) {
    const cluster = table.texts.cluster[row];
    const clip = clips.find(({ name }) => name === cluster);
    if (clip === undefined) {
      throw new InputError(
        `${file.name}, line ${row + 2}, column cluster: expected a clip of the tracks ` +
          `(${clips.map(({ name }) => name).join(", ")}), got "${cluster}".`,
      );
    }
    const begin = clip.firstFrame + frame0[row];
    const finish = Math.min(begin + frames[row] + bridgedFrames, clip.endFrame);
    const end = s_max[row] - halfCar;
    for (let firstFrame = begin; firstFrame < finish; firstFrame += sliceFrames) {
      const start = hindmost(tracks, firstFrame, s_min[row] - halfCar, end);
      if (start < end)
        coverage.push({ firstFrame, endFrame: Math.min(firstFrame + sliceFrames, finish), start, end });
    }
  }
  return coverage;
}

/** Center of the hindmost vehicle between `start` and `end` [m]; `end` when there is none. */
function hindmost(tracks: readonly Track[], frame: number, start: number, end: number): number {
  let least = end;
  for (const track of tracks) {
    const x = track.x[frame - track.firstFrame];
    if (x !== undefined && x >= start && x < least) least = x;
  }
  return least;
}

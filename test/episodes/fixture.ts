import { createTrack, type Coverage, type Recording, type Track } from "../../src/episodes/index.ts";
import { straightRoad } from "../../src/sim/index.ts";

export const dt = 0.1;

/** A car that starts at `x` [m] in frame `firstFrame` and follows `speeds` [m/s], one per frame, drifting left at `drift` [m/m]. */
export function car(
  id: number,
  at: { readonly firstFrame?: number; readonly x: number; readonly y?: number; readonly drift?: number },
  speeds: readonly number[],
): Track {
  const x = [at.x];
  const y = [at.y ?? 0];
  for (const speed of speeds) {
    x.push(x.at(-1)! + speed * dt);
    y.push(y.at(-1)! + speed * dt * (at.drift ?? 0));
  }
  return createTrack(
    {
      id,
      firstFrame: at.firstFrame ?? 0,
      length: 4.5,
      width: 1.8,
      x: Float64Array.from(x),
      y: Float64Array.from(y),
    },
    dt,
  );
}

export const steady = (speed: number, frames: number): number[] => Array<number>(frames).fill(speed);

/** A recording of one clip in which everything is covered, on a straight road of three lanes. */
export function recordingOf(tracks: readonly Track[], over: Partial<Recording> = {}): Recording {
  const frames = Math.max(0, ...tracks.map((track) => track.firstFrame + track.x.length));
  const road = straightRoad("test", 600, 3);
  const coverage: Coverage[] = [{ firstFrame: 0, endFrame: frames, start: 0, end: road.length }];
  const clips = [{ name: "test", firstFrame: 0, endFrame: frames }];
  return {
    name: "test",
    road,
    dt,
    frames,
    tracks,
    coverage,
    clips,
    provenance: "made up – for tests",
    ...over,
  };
}

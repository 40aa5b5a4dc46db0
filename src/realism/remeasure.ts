import { centersFromSamples, createTrack, ngsimSmoothSeconds, type Recording } from "../episodes/index.ts";

/**
 * Generated traffic as the camera's evaluation would have given it back: the fronts of its vehicles, smoothed and
 * moved to the center exactly as the import does with real ones. Without this, exact tracks would be compared with
 * smoothed ones.
 */
export function remeasure(recording: Recording): Recording {
  const { dt } = recording;
  const tracks = recording.tracks.map((track) => {
    const { id, length, width, firstFrame } = track;
    const half = length / 2;
    const centers = centersFromSamples(
      {
        times: Array.from(track.x, (_, t) => firstFrame + t),
        x: Array.from(track.x, (x, t) => x + half * Math.cos(track.heading[t]!)),
        y: Array.from(track.y, (y, t) => y + half * Math.sin(track.heading[t]!)),
        length,
        reference: "front",
        smoothSeconds: ngsimSmoothSeconds,
      },
      dt,
    );
    return createTrack({ id, length, width, ...centers }, dt);
  });
  return { ...recording, tracks };
}

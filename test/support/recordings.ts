import { deflateSync } from "fflate";
import { createRng, encodeEnvelope } from "../../src/core/index.ts";
import { createTrack, quantum, type Recording, type Track } from "../../src/episodes/index.ts";
import { createVarintWriter } from "../../src/episodes/varint.ts";
import type { Road } from "../../src/sim/index.ts";

export const threeLanes: Road = {
  name: "three lanes",
  length: 600,
  lanes: [0, -3.7, -7.4].map((center) => ({ center, width: 3.7, start: 0, end: 600 })),
};

/**
 * A small recording for tests: on three lanes, vehicles 15 to 30 m apart go at about 10 m/s, each with its own gentle
 * waves of acceleration and a slight weaving.
 */
export function waveRecording(seed = 1, frames = 200): Recording {
  const dt = 0.1;
  const rng = createRng(seed);
  const tracks: Track[] = [];
  threeLanes.lanes.forEach((lane, laneIndex) => {
    for (let x0 = 20 + 10 * laneIndex; x0 < 380; x0 += 15 + 15 * rng.uniform()) {
      const phase = 6 * rng.uniform();
      const x = new Float64Array(frames);
      const y = new Float64Array(frames);
      let position = x0;
      for (let t = 0; t < frames; t++) {
        x[t] = position;
        y[t] = lane.center + 0.3 * Math.sin(phase + 0.02 * t);
        position += (10 + 1.5 * Math.sin(phase + 0.03 * t)) * dt;
      }
      tracks.push(createTrack({ id: tracks.length + 1, firstFrame: 0, length: 4.5, width: 1.9, x, y }, dt));
    }
  });
  return {
    name: "waves",
    road: threeLanes,
    dt,
    frames,
    tracks,
    coverage: [{ firstFrame: 0, endFrame: frames, start: 0, end: 600 }],
    clips: [{ name: "waves", firstFrame: 0, endFrame: frames }],
    provenance: "made up for tests",
  };
}

/** A file of a recording, intact but for what it says: vehicle 12 jumps by 50 m in one frame. */
export function absurdRecording(): Uint8Array {
  const writer = createVarintWriter();
  const grid = (meters: number): void => writer.write(Math.round(meters / quantum));
  for (const value of [12, 0, 3]) writer.write(value); // id, first frame, frames
  for (const size of [4, 2]) grid(size);
  // Positions as differences of differences: 0, 2, then 50 m on; and straight ahead.
  for (const meters of [0, 2, 48, 0, 0, 0]) grid(meters);
  const { tracks: _, ...rest } = waveRecording(1, 10);
  return encodeEnvelope({
    kind: "recording",
    version: 1,
    meta: { ...rest, trackCount: 1 },
    payload: deflateSync(writer.bytes()),
  });
}

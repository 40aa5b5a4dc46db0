import { expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import {
  createFrameReader,
  encodeRecording,
  record,
  trackEnd,
  type Recording,
} from "../../src/episodes/index.ts";
import { createSimulation, createTraffic, scenarios, type Simulation } from "../../src/sim/index.ts";

const simulate = (seed: number): Simulation => createSimulation(scenarios.dense, createRng(seed));
const recorded = (seed: number): Recording =>
  record(simulate(seed), { name: "dense", warmUpSeconds: 20, seconds: 30, provenance: "a test" });
const recording = recorded(1);

test("a recording holds what the simulation did, frame by frame, to a hundredth of a millimeter", () => {
  const simulation = simulate(1);
  for (let step = 0; step < 200; step++) simulation.step();
  const reader = createFrameReader(recording);
  const traffic = createTraffic(reader.capacity);
  const ends = new Map(recording.tracks.map((track) => [track.id, trackEnd(track)]));
  let worstPosition = 0;
  let worstSpeed = 0;
  for (let frame = 0; frame < recording.frames - 1; frame++) {
    reader.read(frame, traffic);
    const { id, x, y, speed, count } = simulation.traffic;
    const slots = new Map(Array.from(traffic.id.subarray(0, traffic.count), (one, slot) => [one, slot]));
    for (let i = 0; i < count; i++) {
      const slot = slots.get(id[i]);
      // Only a vehicle that was there for a single frame is not kept.
      if (slot === undefined) continue;
      // A creeping vehicle waits until it has come 4 mm far.
      const tolerance = speed[i] < 0.5 ? 0.004 : 0;
      worstPosition = Math.max(
        worstPosition,
        Math.hypot(traffic.x[slot] - x[i], traffic.y[slot] - y[i]) - tolerance,
      );
      // A position more would be needed to know the speed at the last one.
      if (ends.get(id[i]) === frame + 1) continue;
      worstSpeed = Math.max(worstSpeed, Math.abs(traffic.speed[slot] - speed[i]) - 10 * tolerance);
    }
    expect(traffic.count).toBeGreaterThan(count - 3);
    simulation.step();
  }
  expect(worstPosition).toBeLessThan(0.00002);
  expect(worstSpeed).toBeLessThan(0.0005);
});

test("a recording is one clip that covers the whole road", () => {
  expect(recording.frames).toBe(300);
  expect(recording.clips).toEqual([{ name: "dense", firstFrame: 0, endFrame: 300 }]);
  expect(recording.coverage).toEqual([{ firstFrame: 0, endFrame: 300, start: 0, end: 600 }]);
  expect(new Set(recording.tracks.map((track) => track.id)).size).toBe(recording.tracks.length);
});

test("the same seed records the same bytes, another seed other traffic", () => {
  expect(encodeRecording(recorded(1))).toEqual(encodeRecording(recording));
  expect(encodeRecording(recorded(2))).not.toEqual(encodeRecording(recording));
});

test("progress rises from nothing to everything", () => {
  const fractions: number[] = [];
  record(simulate(1), {
    name: "short",
    warmUpSeconds: 10,
    seconds: 20,
    provenance: "a test",
    onProgress: (fraction) => fractions.push(fraction),
  });
  expect(fractions[0]).toBe(0);
  expect(fractions.at(-1)).toBe(1);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
});

test("a simulation that used an id twice would be refused, for two vehicles must not become one track", () => {
  const simulation = simulate(1);
  const { traffic } = simulation;
  let frame = 0;
  const broken: Simulation = {
    ...simulation,
    step() {
      frame++;
      traffic.count = frame === 5 ? 0 : 1;
    },
  };
  traffic.count = 1;
  traffic.id[0] = 7;
  expect(() => record(broken, { name: "x", warmUpSeconds: 0, seconds: 2, provenance: "" })).toThrow(
    "vehicle 7 came back at frame 6",
  );
});

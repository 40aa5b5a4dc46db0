import { expect, test } from "vitest";
import { createFrameReader, stateAt } from "../../src/episodes/index.ts";
import { createTraffic } from "../../src/sim/index.ts";
import { car, recordingOf, steady } from "./fixture.ts";

const recording = recordingOf([
  car(10, { x: 0 }, steady(20, 20)),
  car(11, { firstFrame: 5, x: 0, y: -3.7 }, steady(10, 20)),
  car(12, { firstFrame: 15, x: 200 }, steady(0, 20)),
]);
const reader = createFrameReader(recording);
const traffic = createTraffic(reader.capacity);
const idsNow = (): number[] => Array.from(traffic.id.subarray(0, traffic.count));

test("a frame holds exactly the vehicles recorded then, where they were", () => {
  reader.read(4, traffic);
  expect(idsNow()).toEqual([10]);
  reader.read(18, traffic);
  expect(idsNow()).toEqual([10, 11, 12]);
  expect(traffic.x[1]).toBeCloseTo(13, 4);
  expect(traffic.y[1]).toBeCloseTo(-3.7, 4);
  expect(traffic.speed[1]).toBeCloseTo(10, 3);
  expect(traffic.length[1]).toBeCloseTo(4.5, 4);
  reader.read(30, traffic);
  expect(idsNow()).toEqual([12]);
});

test("capacity is the fullest frame", () => {
  expect(reader.capacity).toBe(3);
});

test("outside the recording the road is empty", () => {
  reader.read(-1, traffic);
  expect(traffic.count).toBe(0);
  reader.read(recording.frames, traffic);
  expect(traffic.count).toBe(0);
});

test("the replaced vehicle and those out of range are left out", () => {
  reader.readAround(18, traffic, 30, 50, 0);
  expect(idsNow()).toEqual([11]);
});

test("a track is found where read put it", () => {
  for (const frame of [0, 6, 18, 30]) {
    reader.read(frame, traffic);
    recording.tracks.forEach((track, index) => {
      const slot = reader.slotOf(frame, index);
      expect(slot).toBe(idsNow().indexOf(track.id));
    });
  }
  expect(reader.slotOf(-5, 0)).toBe(-1);
});

test("a track has states at its own frames only", () => {
  const state = { x: 0, y: 0, heading: 0, speed: 0 };
  const track = recording.tracks[1];
  expect(stateAt(track, 4, state)).toBe(false);
  expect(stateAt(track, 26, state)).toBe(false);
  expect(stateAt(track, 25, state)).toBe(true);
  expect(state.x).toBeCloseTo(20, 4);
});

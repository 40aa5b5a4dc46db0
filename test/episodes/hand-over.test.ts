import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { boxesOverlap, createRng } from "../../src/core/index.ts";
import {
  createFrameReader,
  createHandOverDesk,
  decodeRecording,
  laneChangeAt,
  record,
  type Recording,
} from "../../src/episodes/index.ts";
import {
  createSimulation,
  createTraffic,
  defaultPopulation,
  scenarios,
  type HandedTraffic,
  type Traffic,
} from "../../src/sim/index.ts";
import { car, recordingOf, steady } from "./fixture.ts";

const us101 = decodeRecording(
  readFileSync(new URL("../../data/recordings/us101.recording", import.meta.url)),
  "us101.recording",
);
const dense = record(createSimulation(scenarios.dense, createRng(3)), {
  name: "dense",
  warmUpSeconds: 90,
  seconds: 60,
  provenance: "a test",
});

/** Hands recordings over, all with the same people. */
function deskOf(recording: Recording) {
  const reader = createFrameReader(recording);
  const desk = createHandOverDesk(recording, reader, defaultPopulation, createRng(1).fork("people"));
  return {
    reader,
    handOver: (frame: number, guests: readonly number[] = [], seed = 1): HandedTraffic =>
      desk.handOver({ frame, endFrame: recording.frames, guests, rng: createRng(seed).fork("hand-over") }),
  };
}

const statesOf = (traffic: Traffic): number[][] =>
  Array.from({ length: traffic.count }, (_, i) => [
    traffic.id[i],
    traffic.x[i],
    traffic.y[i],
    traffic.heading[i],
    traffic.speed[i],
    traffic.length[i],
    traffic.width[i],
  ]);

const boxOf = ({ x, y, heading, length, width }: Traffic, i: number) => ({
  x: x[i],
  y: y[i],
  heading: heading[i],
  length: length[i],
  width: width[i],
});

/** Pairs that overlap, found without the simulator's bookkeeping. */
function overlaps(traffic: Traffic): string[] {
  const found: string[] = [];
  for (let i = 0; i < traffic.count; i++) {
    for (let j = 0; j < i; j++) {
      if (Math.abs(traffic.x[i] - traffic.x[j]) > 20 || Math.abs(traffic.y[i] - traffic.y[j]) > 4) continue;
      if (boxesOverlap(boxOf(traffic, i), boxOf(traffic, j)))
        found.push(`${traffic.id[i]}, ${traffic.id[j]}`);
    }
  }
  return found;
}

const indexOf = (traffic: Traffic, id: number): number => {
  const i = traffic.id.indexOf(id);
  return i < traffic.count ? i : -1;
};

describe("a recording handed over to simulated drivers", () => {
  test.each([
    ["dense", dense, [0, 1, 77, 400]],
    ["us101", us101, [0, 100, 500, 1200]],
  ] as const)("starts as %s was recorded, to the bit", (_, recording, frames) => {
    const { reader, handOver } = deskOf(recording);
    const recorded = createTraffic(reader.capacity);
    for (const frame of frames) {
      reader.read(frame, recorded);
      expect(statesOf(handOver(frame).traffic)).toEqual(statesOf(recorded));
    }
  });

  test("takes vehicles of the thirtieth clip, whose numbers have ten digits", () => {
    const ids = [3_000_000_700, 3_000_000_701];
    const recording = recordingOf(ids.map((id, i) => car(id, { x: 60 - 40 * i }, steady(20, 50))));
    const { traffic, step } = deskOf(recording).handOver(0);
    step();
    expect([...traffic.id.subarray(0, traffic.count)]).toEqual(ids);
  });

  test("goes on in the same way from the same seed, whatever was handed over before, and otherwise from another", () => {
    const drive = (seed: number, earlier: readonly number[]): number[][] => {
      const { handOver } = deskOf(dense);
      for (const frame of earlier) handOver(frame);
      const traffic = handOver(200, [], seed);
      for (let step = 0; step < 60; step++) traffic.step();
      return statesOf(traffic.traffic);
    };
    expect(drive(1, [])).toEqual(drive(1, [30, 400]));
    expect(drive(1, [])).not.toEqual(drive(2, []));
  });

  test.each([
    ["dense", dense, 60, 120],
    ["us101", us101, 33, 60],
  ] as const)("nobody collides in %s, whenever it is handed over", (_, recording, every, steps) => {
    const { handOver } = deskOf(recording);
    for (let frame = 0; frame < recording.frames - 20; frame += every) {
      const simulation = handOver(frame);
      for (let step = 0; step < steps; step++) {
        simulation.step();
        const touching = overlaps(simulation.traffic);
        if (touching.length > 0)
          throw new Error(`handed over at ${frame}, step ${step}: ${touching.join("; ")}`);
      }
      expect(simulation.collisions).toBe(0);
    }
  });

  test("who was handed over too fast behind a slow leader brakes as hard as a car can and does not touch it", () => {
    const recording = recordingOf([car(1, { x: 100 }, steady(25, 100)), car(2, { x: 135 }, steady(5, 100))]);
    const { traffic, step } = deskOf(recording).handOver(0);
    const before = traffic.speed[indexOf(traffic, 1)];
    for (let k = 0; k < 5; k++) step();
    expect(traffic.speed[indexOf(traffic, 1)]).toBeCloseTo(before - 0.5 * 8, 1);
    for (let k = 0; k < 60; k++) {
      step();
      expect(overlaps(traffic)).toEqual([]);
    }
  });

  test("a lane change under way goes on into the new lane", () => {
    const drifting = car(1, { x: 100, y: -3.7, drift: 0.045 }, steady(20, 41));
    const recording = recordingOf([drifting, car(2, { x: 10 }, steady(5, 200))]);
    const frame = 20;
    expect(laneChangeAt(recording, drifting, frame)).toMatchObject({ from: 1, to: 0 });
    const { traffic, step } = deskOf(recording).handOver(frame);
    expect(traffic.y[0]).toBeCloseTo(-1.9, 0);
    for (let k = 0; k < 40; k++) step();
    expect(traffic.y[0]).toBeGreaterThan(-0.6);
  });

  test("who drifts about within its lane is not changing lanes", () => {
    const wandering = car(1, { x: 100, drift: 0.02 }, steady(20, 30));
    expect(laneChangeAt(recordingOf([wandering]), wandering, 10)).toBeNull();
  });

  test("who has nobody ahead keeps the speed of its record at that place, since what was ahead is not known", () => {
    const slow = car(1, { x: 100 }, steady(9, 200));
    const { traffic, step } = deskOf(recordingOf([slow])).handOver(5);
    for (let k = 0; k < 150; k++) step();
    expect(traffic.speed[0]).toBeGreaterThan(7);
    expect(traffic.speed[0]).toBeLessThan(10);
  });

  test("a newcomer comes when and where it was recorded, or as soon as there is room", () => {
    const newcomer = car(2, { firstFrame: 20, x: 40 }, steady(15, 200));
    const passing = car(1, { x: 0 }, steady(20, 200));
    const free = deskOf(recordingOf([passing, newcomer])).handOver(0);
    for (let k = 0; k < 20; k++) free.step();
    // The other one passes the entrance just then.
    expect(indexOf(free.traffic, 2)).toBe(-1);
    for (let k = 0; k < 30; k++) free.step();
    expect(indexOf(free.traffic, 2)).toBeGreaterThanOrEqual(0);

    const far = deskOf(recordingOf([car(1, { x: 300 }, steady(20, 200)), newcomer])).handOver(0);
    for (let k = 0; k < 20; k++) far.step();
    const i = indexOf(far.traffic, 2);
    expect([far.traffic.x[i], far.traffic.speed[i]]).toEqual([newcomer.x[0], newcomer.speed[0]]);
  });

  test("who was recorded to leave by the end of its lane does so; who was not stays and merges or waits", () => {
    const lanes = recordingOf([]).road.lanes.map((lane, i) => (i === 2 ? { ...lane, end: 300 } : lane));
    const road = { name: "exit", length: 600, lanes };
    const leaving = car(1, { x: 150, y: -7.4 }, steady(20, 72));
    const other = car(2, { x: 120, y: -7.4 }, steady(20, 30));
    const beside = car(3, { x: 10 }, steady(1, 200));
    const { traffic, step } = deskOf(recordingOf([leaving, other, beside], { road })).handOver(0);
    for (let k = 0; k < 120; k++) step();
    expect(indexOf(traffic, 1)).toBe(-1);
    const i = indexOf(traffic, 2);
    expect(i).toBeGreaterThanOrEqual(0);
    expect(traffic.y[i] > -5 || traffic.x[i] < 300).toBe(true);
  });
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createFrameReader, decodeRecording, isCovered, record, splits } from "../../src/episodes/index.ts";
import { evaluationRow, findStarts, runEpisodes } from "../../src/evaluation/index.ts";
import { createSimulation, scenarios } from "../../src/sim/index.ts";
import { car, recordingOf, steady } from "../episodes/fixture.ts";
import { human } from "./drivers.ts";

const us101 = decodeRecording(
  readFileSync(new URL("../../data/recordings/us101.recording", import.meta.url)),
  "us101.recording",
);
const everything = { firstFrame: 0, endFrame: us101.frames };
const reader = createFrameReader(us101);

test("the recorded human finishes every start of the shipped clips", () => {
  const starts = findStarts(us101, everything, { rng: createRng(1), reader });
  const results = runEpisodes({ recording: us101, starts, driver: human(), rng: createRng(1), reader });
  const label = { driver: "human", mode: "replay", traffic: "us101", split: "all" } as const;
  expect(evaluationRow(label, results, 1)).toMatchObject({
    episodes: starts.length,
    success: { rate: 1, high: 1 },
    progress: 1,
  });
});

test("the sets of the shipped clips hold 63, 53 and 128 starts", () => {
  const sets = splits(us101);
  const count = (range: { firstFrame: number; endFrame: number }): number =>
    findStarts(us101, range, { rng: createRng(1), reader }).length;
  expect([count(sets.train), count(sets.validation), count(sets.test)]).toEqual([63, 53, 128]);
});

test("starts lie within their range, and the road around their human is covered from warm-up to end", () => {
  const range = splits(us101).test;
  for (const start of findStarts(us101, range, { rng: createRng(1), reader })) {
    const track = us101.tracks[start.track];
    expect(start.frame - start.warmUpFrames).toBeGreaterThanOrEqual(range.firstFrame);
    expect(start.endFrame).toBeLessThan(range.endFrame);
    for (let frame = start.frame - start.warmUpFrames; frame <= start.endFrame; frame++) {
      const x = track.x[frame - track.firstFrame];
      if (!isCovered(us101, frame, x - 10, x + 20)) throw new Error(`start ${start.track} at ${frame}`);
    }
  }
});

test("equal seeds give equal lists, other seeds other ones, in order of time", () => {
  const listOf = (seed: number): readonly number[] =>
    findStarts(us101, everything, { rng: createRng(seed), limit: 30, reader }).map((start) => start.track);
  expect(listOf(1)).toEqual(listOf(1));
  expect(listOf(1)).not.toEqual(listOf(2));
  expect(listOf(1).length).toBe(30);
  const frames = findStarts(us101, everything, { rng: createRng(3), limit: 30, reader }).map((s) => s.frame);
  expect(frames).toEqual(frames.toSorted((a, b) => a - b));
});

const late = car(99, { x: 0, y: -7.4 }, steady(0.5, 900));
const startsOf = (tracks: Parameters<typeof recordingOf>[0]) => {
  const recording = recordingOf([...tracks, late]);
  const range = { firstFrame: 0, endFrame: recording.frames };
  return findStarts(recording, range, { rng: createRng(1) });
};

test("a vehicle that never gets to the goal, or enters behind the line too late, is no start", () => {
  expect(startsOf([car(1, { x: 40 }, steady(20, 100))])).toEqual([]);
  expect(startsOf([car(1, { x: 125 }, steady(20, 240))])).toEqual([]);
  expect(startsOf([car(1, { x: 117 }, steady(20, 240))])).toEqual([]);
  expect(startsOf([car(1, { firstFrame: 600, x: 40 }, steady(20, 240))])).toEqual([]);
});

test("a start whose human touches another vehicle in the data is left out", () => {
  const through = car(1, { x: 40 }, steady(20, 240));
  expect(startsOf([through]).length).toBe(1);
  expect(startsOf([through, car(2, { x: 250 }, steady(0, 240))])).toEqual([]);
});

test("a start whose human drives off the road in the data is left out", () => {
  expect(startsOf([car(1, { x: 40, drift: 0.02 }, steady(20, 240))])).toEqual([]);
});

test("the recorded human finishes every start of generated traffic", () => {
  const recording = record(createSimulation(scenarios.dense, createRng(5)), {
    name: "dense",
    warmUpSeconds: 40,
    seconds: 75,
    provenance: "a test",
  });
  const range = { firstFrame: 0, endFrame: recording.frames };
  const starts = findStarts(recording, range, { rng: createRng(1), limit: 40 });
  expect(starts.length).toBeGreaterThan(20);
  const results = runEpisodes({ recording, starts, driver: human(), rng: createRng(1) });
  expect(results.map((result) => result.cause)).toEqual(starts.map(() => "finished"));
  for (const [i, result] of results.entries()) expect(result.frames).toBe(starts[i].humanFrames);
});

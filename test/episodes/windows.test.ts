import { expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler, type Coverage, type WindowStart } from "../../src/episodes/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import { car, recordingOf, steady } from "./fixture.ts";

const needs = { pastFrames: 4, futureFrames: 10, margin: 20 };

function samplerOf(coverage: readonly Coverage[]) {
  const recording = recordingOf([car(1, { x: 100, firstFrame: 5 }, steady(20, 79))], { coverage });
  const source = { recording, range: { firstFrame: 0, endFrame: 200 }, weight: 1 };
  return createWindowSampler([source], needs, pixelSpecs.laptop);
}
const everywhere = { start: 0, end: 600 };

/** The frames called "now" in many draws, in order. */
function drawn(draw: () => WindowStart): number[] {
  const frames = new Set(Array.from({ length: 2000 }, () => draw().frame));
  return [...frames].sort((a, b) => a - b);
}
const range = (first: number, end: number): number[] =>
  Array.from({ length: end - first }, (_, i) => first + i);

test("windows lie where a vehicle has frames enough before and after", () => {
  const sampler = samplerOf([{ firstFrame: 0, endFrame: 100, ...everywhere }]);
  const rng = createRng("draws");
  // Frames 5 to 84 are recorded.
  expect(sampler.counts).toEqual([66]);
  expect(drawn(() => sampler.draw(rng))).toEqual(range(9, 75));
});

test("no window holds an instant at which the road around the ego was not seen", () => {
  const sampler = samplerOf([
    { firstFrame: 0, endFrame: 40, ...everywhere },
    { firstFrame: 43, endFrame: 100, ...everywhere },
  ]);
  const rng = createRng("draws");
  // Frames 40 to 42 are dark: neither among the ten after "now", nor among the four before.
  const windows = [...range(9, 30), ...range(47, 75)];
  expect(sampler.counts).toEqual([windows.length]);
  expect(drawn(() => sampler.draw(rng))).toEqual(windows);
});

test("the ego's surroundings must have been seen, not the ego alone", () => {
  // The car is at 100 + 2·(frame − 5) m, and needs 20 m on both sides.
  const sampler = samplerOf([{ firstFrame: 0, endFrame: 100, start: 0, end: 200 }]);
  const rng = createRng("draws");
  // At frame 45 it is at 180 m.
  expect(drawn(() => sampler.draw(rng))).toEqual(range(9, 36));
});

import { expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import {
  learnDoubt,
  observedClues,
  pictureClues,
  spearman,
  type ErrorExample,
} from "../../src/examination/index.ts";
import { channelCount, channels, pixelSpecs } from "../../src/sim/index.ts";

const spec = pixelSpecs.laptop;
const speed = 10;

/** What an ego at x and y in the moving frame is told to see, half a second ahead: every pixel of the traffic channel at `p`. */
function cluesAt(x: number, y: number, p: number) {
  const view = new Float32Array(spec.height * spec.width * channelCount);
  for (let i = channels.traffic; i < view.length; i += channelCount) view[i] = p;
  const state = Float32Array.of(x + speed * 0.5, y, 0, speed);
  return pictureClues(spec, [view], [state], 0, speed, 0.5);
}

test("a learned doubt ranks new errors as the clues do that explain them, and ignores a clue that says nothing", () => {
  const rng = createRng("errors");
  const draw = (): ErrorExample => {
    const [good, idle] = [rng.normal(), rng.normal()];
    return { clues: [5 + 100 * good, idle, 3], error: Math.exp(2 * good + 0.3 * rng.normal()) };
  };
  const expect200 = learnDoubt(Array.from({ length: 200 }, draw));
  const fresh = Array.from({ length: 100 }, draw);
  const doubt = fresh.map(({ clues }) => expect200(clues));
  expect(
    spearman(
      doubt,
      fresh.map(({ error }) => error),
    ),
  ).toBeGreaterThan(0.95);
  expect(Math.abs(expect200([5, 1, 3]) - expect200([5, -1, 3]))).toBeLessThan(0.2);
});

test("a learned doubt takes examples without error and clues that never change", () => {
  const expected = learnDoubt([
    { clues: [1], error: 0 },
    { clues: [1], error: 0 },
  ]);
  expect(Number.isFinite(expected([1]))).toBe(true);
});

test("an ego that stays in its moving frame sees nothing beyond the picture; one that leaves it does, where it went", () => {
  expect(cluesAt(0, 0, 0.5)).toMatchObject({ ahead: 0, behind: 0, beside: 0, open: 0.25, openWithin: 0.25 });
  const rows = 3;
  const faster = cluesAt(rows * spec.metersPerRow, 0, 0.5);
  expect(faster.ahead).toBeCloseTo(rows / spec.height, 6);
  expect(faster).toMatchObject({ behind: 0, beside: 0 });
  expect(faster.openWithin).toBeCloseTo(0.25 * (1 - rows / spec.height), 6);
  expect(cluesAt(-spec.metersPerRow, 0, 0.5).behind).toBeCloseTo(1 / spec.height, 6);
  expect(cluesAt(0, -spec.metersPerColumn, 0.5).beside).toBeCloseTo(1 / spec.width, 6);
});

test("pixels that are surely empty or surely full leave nothing open", () => {
  expect(cluesAt(0, 0, 0)).toMatchObject({ open: 0, traffic: 0 });
  expect(cluesAt(0, 0, 1)).toMatchObject({ open: 0, openNear: 0, traffic: 1, edges: 0 });
});

test("observed clues tell what lies between pixels and what moves, window by window", () => {
  const pixels = spec.height * spec.width;
  const picture = (values: readonly [number, number][]): Uint8Array => {
    const bytes = new Uint8Array(2 * pixels * channelCount).fill(77);
    for (let i = 0; i < 2 * pixels; i++) bytes[i * channelCount + channels.traffic] = 0;
    for (const [cell, value] of values) bytes[cell * channelCount + channels.traffic] = value;
    return bytes;
  };
  const before = picture([
    [5, 255],
    [pixels + 3, 255],
  ]);
  const now = picture([
    [5, 51],
    [6, 204],
    [pixels + 3, 255],
  ]);
  const moving = observedClues(spec, [before, now], 0);
  expect(moving.open * pixels).toBeCloseTo(2 * 0.2 * 0.8, 6);
  expect(moving.motion * pixels).toBeCloseTo(0.8 ** 2 + 0.8 ** 2, 6);
  expect(observedClues(spec, [before, now], 1)).toEqual({ open: 0, motion: 0 });
  expect(observedClues(spec, [now], 0).motion).toBe(0);
});

import { expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createFrameReader, fitDriver, looksAt, type Look } from "../../src/episodes/index.ts";
import { defaultPopulation, drawDriver } from "../../src/sim/index.ts";
import { car, recordingOf, steady } from "./fixture.ts";

const shape = { length: 4.5, width: 1.8 };
const fit = (looks: readonly Look[], of: { length: number; width: number } = shape, seed = 1) =>
  fitDriver(of, looks, defaultPopulation, 3, createRng(seed));
const following = (timeGap: number, speed = 12): Look => ({
  speed,
  acceleration: 0,
  gap: 2 + timeGap * speed,
  closingSpeed: 0,
});

test("a driver of whom nothing was seen is one of the population", () => {
  const kind = { ...defaultPopulation, truckFraction: 0, motorcycleFraction: 0 };
  expect(fit([])).toEqual({ ...drawDriver(kind, 3, createRng(1)), ...shape });
});

test("the longer a driver was seen to keep a time gap, the more it is taken for its own", () => {
  const drawn = fit([]).desiredTimeGap;
  const distances = [0, 5, 20, 200].map((looks) =>
    Math.abs(fit(Array<Look>(looks).fill(following(2))).desiredTimeGap - 2),
  );
  expect(distances[0]).toBeCloseTo(Math.abs(drawn - 2), 6);
  for (let i = 1; i < distances.length; i++) expect(distances[i]).toBeLessThan(distances[i - 1]);
  expect(distances[3]).toBeLessThan(0.15);
});

test("one odd look among many does not change a driver", () => {
  const looks = Array<Look>(30).fill(following(1.5));
  const odd = fit([...looks, following(0.1)]);
  expect(odd.desiredTimeGap).toBeCloseTo(fit(looks).desiredTimeGap, 1);
});

test("nobody wants to drive slower than it was seen to drive, and who was free wanted what it drove", () => {
  expect(fit([{ speed: 38, acceleration: 0, gap: 20, closingSpeed: 0 }]).desiredSpeed).toBeGreaterThanOrEqual(
    38,
  );
  const free = Array<Look>(200).fill({ speed: 20, acceleration: 0, gap: 150, closingSpeed: -3 });
  expect(fit(free).desiredSpeed).toBeLessThan(21.5);
});

test("long vehicles are driven like trucks", () => {
  const truck = fit([], { length: 14, width: 2.5 });
  expect(truck.desiredSpeed).toBeLessThanOrEqual(defaultPopulation.truckSpeed);
  expect(truck.length).toBe(14);
});

test("looks see the leader in the same lane, its gap and how fast it comes nearer", () => {
  const recording = recordingOf([
    car(1, { x: 100 }, steady(15, 40)),
    car(2, { x: 130 }, steady(12, 40)),
    car(3, { x: 110, y: -3.7 }, steady(12, 40)),
  ]);
  const [first] = looksAt(recording, createFrameReader(recording), recording.tracks[0]);
  expect(first.gap).toBeCloseTo(30 - 4.5 - 5 * 0.1 * 3, 1);
  expect(first.closingSpeed).toBeCloseTo(3, 3);
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openRealTraffic } from "../../src/cli/real-traffic.ts";
import { splits } from "../../src/episodes/index.ts";
import {
  calibrationLoss,
  calibrationTargets,
  searchedNumbers,
  startingPopulation,
} from "../../src/realism/index.ts";
import { populationNotes, populations } from "../../src/sim/index.ts";

const { us101, i80 } = openRealTraffic();
const trainOf = (recording: typeof us101) => splits(recording).train;
const calibration = JSON.parse(readFileSync("data/calibration.json", "utf8")) as {
  readonly fitted: { readonly [name: string]: { readonly to: number } };
  readonly population: object;
};

test("the calibrated population is the one that the command found", () => {
  expect(populations.calibrated).toEqual(calibration.population);
});

test("every parameter of a population has a unit, a meaning and a source", () => {
  expect(Object.keys(populationNotes).sort()).toEqual(Object.keys(populations.uncalibrated).sort());
  for (const note of Object.values(populationNotes)) expect(Object.values(note)).not.toContain("");
});

test("under random streams that the search has not seen, the calibrated population is closer to real traffic", () => {
  const start = startingPopulation(us101, trainOf(us101));
  const targets = calibrationTargets(us101, i80, trainOf);
  const numbers = searchedNumbers(start, targets);
  const before = calibrationLoss(
    start,
    targets,
    numbers.map((number) => number.start),
    77,
  ).total;
  const after = calibrationLoss(
    start,
    targets,
    numbers.map(({ name }) => calibration.fitted[name].to),
    77,
  ).total;
  expect(after).toBeLessThan(0.75 * before);
});

test("calibration looks at nothing but the training stretches", () => {
  const only = (recording: typeof us101) => ({
    ...recording,
    tracks: recording.tracks.filter(({ firstFrame }) => firstFrame < trainOf(recording).endFrame),
  });
  const whole = calibrationTargets(us101, i80, trainOf);
  const train = calibrationTargets(only(us101), only(i80), trainOf);
  expect(train.map(({ regime }) => regime)).toEqual(whole.map(({ regime }) => regime));
  expect(train.map(({ real }) => real.samples.gap.values)).toEqual(
    whole.map(({ real }) => real.samples.gap.values),
  );
});

import { expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import type { Track } from "../../src/episodes/index.ts";
import { findAvoidable, findStarts, runEpisodes } from "../../src/evaluation/index.ts";
import { createIdmDriver, type Driver } from "../../src/sim/index.ts";
import { car, recordingOf, steady } from "../episodes/fixture.ts";
import { coasting, ruleDriver } from "./drivers.ts";

const late = car(99, { x: 0, y: -7.4 }, steady(0.5, 900));
/** Brakes in time behind a leader that slows down to 8 m/s. */
const ego = car(1, { x: 40 }, [
  ...steady(20, 60),
  ...Array.from({ length: 60 }, (_, t) => 20 - t / 5),
  ...steady(8, 240),
]);
const leader = car(2, { x: 75 }, [
  ...steady(20, 45),
  ...Array.from({ length: 60 }, (_, t) => 20 - t / 5),
  ...steady(8, 300),
]);

function failuresOf(driver: Driver, others: readonly Track[], rescuer: Driver) {
  const recording = recordingOf([ego, late, ...others]);
  const range = { firstFrame: 0, endFrame: recording.frames };
  const starts = findStarts(recording, range, { rng: createRng(1) }).filter(({ track }) => track === 0);
  expect(starts.length).toBe(1);
  const results = runEpisodes({ recording, starts, driver, rng: createRng(2), trace: true });
  return {
    result: results[0],
    avoidable: findAvoidable({ recording, results, driver: rescuer, rng: createRng(3) })[0],
  };
}

test("running into a leader that brakes is avoidable by a driver that follows by rule, not by the same one again", () => {
  const byRule = failuresOf(coasting(), [leader], createIdmDriver());
  expect(byRule.result.cause).toBe("hitAhead");
  expect(byRule.avoidable).toBe(true);
  expect(failuresOf(coasting(), [leader], coasting()).avoidable).toBe(false);
});

test("nobody is asked about an episode that did not fail", () => {
  const careful = failuresOf(createIdmDriver(), [leader], coasting());
  expect(careful.result.cause).toBe("finished");
  expect(careful.avoidable).toBeNull();
});

test("the rescuer finds the ego exactly where it was, has watched it, and acts from 3 s before at its own rhythm", () => {
  const seen: number[] = [];
  const rescuer: Driver = {
    name: "watcher",
    decisionFrames: 5,
    begin: () => ({
      observe: ([scene]) => void seen.push(scene!.ego.x),
      act([scene], [action]) {
        seen.push(scene!.ego.x);
        Object.assign(action, { acceleration: -8, steering: 0 });
      },
      dispose: () => undefined,
    }),
  };
  const weaving = ruleDriver(({ ego: { y } }) => ({ acceleration: 0.3, steering: -0.0005 * y }));
  const { result, avoidable } = failuresOf(weaving, [leader], rescuer);
  const takeOver = result.frames - 30;
  for (let back = 0; takeOver - 5 * back >= 0; back++)
    expect(seen).toContain(result.trace!.x[takeOver - 5 * back]);
  expect(seen.indexOf(result.trace!.x[takeOver])).toBeGreaterThan(0);
  expect(avoidable).toBe(true);
});

test("episodes without their traces are refused", () => {
  const recording = recordingOf([ego, late, leader]);
  const range = { firstFrame: 0, endFrame: recording.frames };
  const starts = findStarts(recording, range, { rng: createRng(1) }).filter(({ track }) => track === 0);
  const results = runEpisodes({ recording, starts, driver: coasting(), rng: createRng(2) });
  const options = { recording, results, driver: createIdmDriver(), rng: createRng(3) };
  expect(() => findAvoidable(options)).toThrow("expected episodes with traces");
});

import { expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import type { Track } from "../../src/episodes/index.ts";
import { findStarts, runEpisodes, segmentProtocol, type EpisodeResult } from "../../src/evaluation/index.ts";
import type { Action, Driver } from "../../src/sim/index.ts";
import { car, recordingOf, steady } from "../episodes/fixture.ts";
import { coasting, human, ruleDriver } from "./drivers.ts";

/** Crosses x = 120 m after 4 s and 340 m after 15 s, at 20 m/s; then waits far away, so that time remains. */
const ego = car(1, { x: 40 }, steady(20, 240));
/** Keeps the timeline long enough for the time limit. */
const late = car(99, { x: 0, y: -7.4 }, steady(0.5, 900));

function drive(
  driver: Driver,
  others: readonly Track[],
  over: { readonly trace?: boolean } = {},
): EpisodeResult {
  const recording = recordingOf([ego, late, ...others]);
  const starts = findStarts(recording, { firstFrame: 0, endFrame: recording.frames }, { rng: createRng(1) });
  const start = starts.find((candidate) => candidate.track === 0);
  expect(start).toBeDefined();
  return runEpisodes({ recording, starts: [start!], driver, rng: createRng(2), ...over })[0];
}

const always = (action: Action): Driver => ruleDriver(() => action);

test("on a free road a coasting driver passes the goal", () => {
  const result = drive(coasting(), []);
  expect(result).toMatchObject({ cause: "finished", otherId: null, progress: 1 });
  expect(result.distance).toBeCloseTo(220, 0);
  expect(result.seconds).toBeCloseTo(11, 1);
  expect(result.safety.minTimeToCollision).toBe(30);
  expect(result.comfort.meanAcceleration).toBeCloseTo(0, 6);
});

test("a driver that speeds up runs into the car ahead", () => {
  const leader = car(2, { x: 70 }, steady(20, 240));
  const result = drive(always({ acceleration: 2, steering: 0 }), [leader]);
  expect(result).toMatchObject({ cause: "hitAhead", otherId: 2 });
  expect(result.safety.minTimeToCollision).toBeLessThan(0.1);
  expect(result.progress).toBeLessThan(1);
});

test("a driver that brakes is run over from behind, because the others are blind to it", () => {
  const follower = car(3, { x: 20 }, steady(20, 240));
  expect(drive(always({ acceleration: -2, steering: 0 }), [follower])).toMatchObject({
    cause: "rearEnded",
    otherId: 3,
  });
});

test("a driver that drifts into the next lane hits the car beside it with its side", () => {
  const beside = car(4, { x: 40, y: -3.7 }, steady(20, 240));
  const result = drive(
    ruleDriver((scene) => ({ acceleration: 0, steering: scene.ego.heading > -0.05 ? -0.002 : 0 })),
    [beside],
  );
  expect(result).toMatchObject({ cause: "hitSide", otherId: 4 });
});

test("a driver that steers left out of the leftmost lane leaves the road", () => {
  expect(drive(always({ acceleration: 0, steering: 0.002 }), []).cause).toBe("offRoad");
});

test("a driver that stops runs out of time at the limit", () => {
  const result = drive(always({ acceleration: -3, steering: 0 }), []);
  expect(result.cause).toBe("timeout");
  expect(result.seconds).toBeCloseTo(1.5 * 11 + 10, 1);
  expect(result.distance).toBeGreaterThan(60);
});

test("the replaced vehicle is not on the road", () => {
  const driver = ruleDriver((scene) => {
    expect(Array.from(scene.traffic.id.subarray(0, scene.traffic.count))).not.toContain(1);
    return { acceleration: -1, steering: 0 };
  });
  drive(driver, []);
});

test("the human arrives exactly where it was recorded", () => {
  const rng = createRng("human");
  const wanderer = car(
    5,
    { x: 0, y: -3.7, drift: 0.004 },
    Array.from({ length: 300 }, (_, t) => 15 + 5 * Math.sin(t / 20) + 0.2 * rng.normal()),
  );
  const recording = recordingOf([wanderer, late]);
  const starts = findStarts(recording, { firstFrame: 0, endFrame: recording.frames }, { rng: createRng(1) });
  expect(starts.length).toBe(1);
  const [result] = runEpisodes({ recording, starts, driver: human(), rng, trace: true });
  expect(result.cause).toBe("finished");
  const first = starts[0].frame - wanderer.firstFrame;
  result.trace!.x.forEach((x, t) => expect(x).toBeCloseTo(wanderer.x[first + t], 9));
  result.trace!.y.forEach((y, t) => expect(y).toBeCloseTo(wanderer.y[first + t], 9));
});

test("a driver watches at 4 and 2 frames before the take-over and acts at it and every 2 frames after", () => {
  const driver = coasting();
  const result = drive(driver, [], { trace: true });
  const at = result.trace!.x[0];
  const sighting = (kind: string, frames: number): string => `${kind} ${(at + 2 * frames).toFixed(1)}`;
  expect(driver.calls.slice(0, 5)).toEqual([
    sighting("observe", -4),
    sighting("observe", -2),
    sighting("act", 0),
    sighting("act", 2),
    sighting("act", 4),
  ]);
  expect(driver.calls.at(-1)).toBe("dispose");
});

test("a driver that decides every frame is asked every frame, one that decides every fifth acts at the take-over", () => {
  const everyFrame = ruleDriver(() => ({ acceleration: 0, steering: 0 }), 1);
  const result = drive(everyFrame, []);
  expect(everyFrame.calls.filter((call) => call.startsWith("act")).length).toBe(result.frames);
  const everyFifth = ruleDriver(() => ({ acceleration: 0, steering: 0 }), 5);
  drive(everyFifth, []);
  expect(everyFifth.calls.filter((call) => call.startsWith("act")).length).toBe(Math.ceil(result.frames / 5));
});

test("an ego that is done is null for its driver while the others drive on, and the batch changes no outcome", () => {
  const second = car(2, { x: 10, y: -3.7 }, steady(25, 240));
  const recording = recordingOf([ego, second, late]);
  const starts = findStarts(recording, { firstFrame: 0, endFrame: recording.frames }, { rng: createRng(1) });
  expect(starts.length).toBe(2);
  const driver = coasting();
  const together = runEpisodes({ recording, starts, driver, rng: createRng(2) });
  expect(driver.calls.some((call) => call.includes("over"))).toBe(true);
  const alone = runEpisodes({ recording, starts, driver: coasting(), rng: createRng(2), batchSize: 1 });
  expect(together).toEqual(alone);
});

test("the recorded action is hidden from a driver that left the record", () => {
  let lost = 0;
  drive(
    ruleDriver((scene) => {
      if (scene.recordedAction === null) lost++;
      return { acceleration: -1, steering: 0 };
    }),
    [],
  );
  expect(lost).toBeGreaterThan(10);
});

test("the segment asks for 220 m", () => {
  expect(segmentProtocol.toX - segmentProtocol.fromX).toBe(220);
});

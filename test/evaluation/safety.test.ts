import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import type { Track } from "../../src/episodes/index.ts";
import {
  createMotionMeter,
  createSafetyMeter,
  findStarts,
  quantile,
  runEpisodes,
  type EpisodeResult,
} from "../../src/evaluation/index.ts";
import { createTraffic, straightRoad, type Driver, type Traffic } from "../../src/sim/index.ts";
import { car, recordingOf, steady } from "../episodes/fixture.ts";
import { coasting, human, ruleDriver } from "./drivers.ts";

const dt = 0.1;
const road = straightRoad("test", 600, 3);
const shape = { length: 5, width: 2 };

interface Other {
  readonly x: number;
  readonly lane: number;
  readonly speed: number;
}

function trafficAfter(seconds: number, others: readonly Other[]): Traffic {
  const traffic = createTraffic(others.length);
  traffic.count = others.length;
  others.forEach(({ x, lane, speed }, i) => {
    traffic.id[i] = i + 1;
    traffic.x[i] = x + speed * seconds;
    traffic.y[i] = road.lanes[lane].center;
    traffic.speed[i] = speed;
    traffic.length[i] = shape.length;
    traffic.width[i] = shape.width;
  });
  return traffic;
}

/** Drives straight at a constant speed from x = 100 m, in lane 1 and from `changeFrame` on in lane 0. */
function watch(speed: number, others: readonly Other[], frames = 60, changeFrame = Infinity) {
  const meter = createSafetyMeter(road, shape, dt, frames);
  const egoAt = (frame: number) => ({
    x: 100 + speed * frame * dt,
    y: road.lanes[frame >= changeFrame ? 0 : 1].center,
    heading: 0,
    speed,
  });
  for (let frame = 0; frame < frames; frame++)
    meter.see(frame, egoAt(frame), trafficAfter(frame * dt, others));
  return meter.finish(egoAt(frames - 1), trafficAfter((frames - 1) * dt, others));
}

describe("an ego that closes in at 5 m/s from a gap of 35 m, for 5 s", () => {
  const safety = watch(20, [{ x: 140, lane: 1, speed: 15 }], 51);

  test("comes as near as 2 s, and is within 3 s for the last second of it", () => {
    expect(safety.minTimeToCollision).toBeCloseTo(2, 9);
    expect(safety.timeToCollisionP5).toBeCloseTo(2 + 0.05 * 5, 9);
    expect(safety.framesUnder3000ms).toBe(10);
    expect(safety.framesUnder1500ms).toBe(0);
  });

  test("needs v² / 2s at the end, and asks nothing of nobody behind it", () => {
    const required = Array.from({ length: 51 }, (_, frame) => 25 / (2 * (35 - 0.5 * frame)));
    expect(safety.requiredDecelerationP95).toBeCloseTo(quantile(required, 0.95), 9);
    expect(safety).toMatchObject({ inducedBrakingP95: 0, inducedBrakingMax: 0 });
    expect(safety).toMatchObject({ laneChanges: [], minPostEncroachmentTime: null });
  });
});

test("a collision counts as the hardest braking there is, not as infinity", () => {
  const safety = watch(20, [{ x: 106, lane: 1, speed: 0 }], 6);
  expect(safety.minTimeToCollision).toBe(0);
  expect(safety.requiredDecelerationP95).toBe(10);
});

describe("a change to the left lane at 4 s, at 20 m/s", () => {
  const change = (others: readonly Other[], frames = 200) => watch(20, others, frames, 40).laneChanges;

  test("has the times that both gaps take at constant speeds", () => {
    // At the change the ego is at 180 m: from 177.5 to 182.5 m.
    const [only] = change([
      { x: 195 - 4 * 25, lane: 0, speed: 25 },
      { x: 160 - 4 * 22, lane: 0, speed: 22 },
    ]);
    expect(only).toMatchObject({ frame: 40, fromLane: 1, toLane: 0 });
    expect(only.behindLeader).toBeCloseTo((192.5 - 182.5) / 20, 9);
    expect(only.beforeFollower).toBeCloseTo((177.5 - 162.5) / 22, 9);
  });

  test("is not concerned by who stays in other lanes", () => {
    const [only] = change([
      { x: 195 - 4 * 25, lane: 2, speed: 25 },
      { x: 160 - 4 * 22, lane: 1, speed: 22 },
    ]);
    expect(only).toMatchObject({ behindLeader: Infinity, beforeFollower: Infinity });
  });

  test("is extended at constant speeds where the episode ends before", () => {
    const others = [
      { x: 195 - 4 * 25, lane: 0, speed: 25 },
      { x: 160 - 4 * 22, lane: 0, speed: 22 },
    ];
    const [[early], [late]] = [change(others, 43), change(others)];
    expect(early.behindLeader).toBeCloseTo(late.behindLeader, 9);
    expect(early.beforeFollower).toBeCloseTo(late.beforeFollower, 9);
  });

  test("leaves no time to a car beside it, and no limit to one that stands", () => {
    const [beside] = change([{ x: 182 - 4 * 20, lane: 0, speed: 20 }]);
    expect(beside.behindLeader).toBe(0);
    const [standing] = change([{ x: 160, lane: 0, speed: 0 }]);
    expect(standing.beforeFollower).toBe(Infinity);
  });
});

describe("comfort", () => {
  test("is that of the formula for a sine of speed along a circle", () => {
    const meter = createMotionMeter(dt, 1000);
    for (let frame = 0; frame < 1000; frame++) {
      const t = frame * dt;
      meter.see(20 + 4 * Math.sin(t / 2), 0.01 * t);
    }
    const comfort = meter.comfort();
    // Acceleration 2 cos(t/2), jerk −sin(t/2); lateral acceleration 0.01 v, its jerk 0.02 cos(t/2).
    const p95OfSine = Math.sin(0.95 * (Math.PI / 2));
    expect(comfort.jerkP95).toBeCloseTo(p95OfSine, 1);
    expect(comfort.lateralJerkP95).toBeCloseTo(0.02 * p95OfSine, 3);
    expect(comfort.hardestBraking).toBeCloseTo(2, 1);
    expect(comfort.meanAcceleration).toBeCloseTo((2 * 2) / Math.PI, 1);
  });

  test("counts changes of speed, of which there is one less than there are frames", () => {
    const meter = createMotionMeter(dt, 4);
    for (const speed of [20, 19.8, 19.6, 19.4]) meter.see(speed, 0);
    expect(meter.comfort().meanAcceleration).toBeCloseTo(2, 9);
    expect(meter.comfort().hardestBraking).toBeCloseTo(2, 9);
  });
});

describe("an episode", () => {
  const ego = car(1, { x: 40 }, [...steady(20, 120), ...steady(18, 120)]);
  const late = car(99, { x: 0, y: -7.4 }, steady(0.5, 900));
  function drive(driver: Driver, others: readonly Track[]): EpisodeResult {
    const recording = recordingOf([ego, late, ...others]);
    const range = { firstFrame: 0, endFrame: recording.frames };
    const starts = findStarts(recording, range, { rng: createRng(1) }).filter(({ track }) => track === 0);
    expect(starts.length).toBe(1);
    return runEpisodes({ recording, starts, driver, rng: createRng(2), trace: true })[0];
  }

  test("names who was to blame for its end", () => {
    const faster = ruleDriver(() => ({ acceleration: 2, steering: 0 }));
    const slower = ruleDriver(() => ({ acceleration: -2, steering: 0 }));
    const leader = car(2, { x: 70 }, steady(20, 240));
    const follower = car(3, { x: 20 }, steady(20, 240));
    expect(drive(faster, [leader]).attribution).toEqual({ kind: "front", fault: "ego" });
    const hit = drive(slower, [follower]);
    expect(hit.attribution).toEqual({ kind: "rear", fault: "other" });
    expect(hit.safety.inducedBrakingMax).toBe(10);
    expect(drive(coasting(), []).attribution).toBeNull();
  });

  test("tells what its follower needed from what it did", () => {
    // Braked from 21 to 20 m/s within 0.5 s, half a second after the take-over, whatever the ego did.
    const speeds = [...steady(21, 45), 20.8, 20.6, 20.4, 20.2, ...steady(20, 190)];
    const { safety, trace } = drive(coasting(), [car(3, { x: 20 }, speeds)]);
    expect(safety.followerBrakingMax).toBeCloseTo(2, 1);
    expect(safety.inducedBrakingMax).toBeLessThan(0.1);
    expect(trace!.followerBraking.filter((braking) => braking > 0.1).length).toBe(5);
  });

  test("of the human has the human's comfort", () => {
    const { comfort, humanComfort } = drive(human(), []);
    for (const name of ["jerkP95", "lateralJerkP95", "meanAcceleration", "hardestBraking"] as const)
      expect(comfort[name]).toBeCloseTo(humanComfort[name], 6);
    expect(humanComfort.hardestBraking).toBeGreaterThan(5);
  });

  test("has a trace of one safety number per frame after the take-over, of which its summary is made", () => {
    const leader = car(2, { x: 70 }, steady(19, 240));
    const { trace, frames, safety } = drive(coasting(), [leader]);
    expect(trace!.x.length).toBe(frames + 1);
    for (const [name, values] of Object.entries(trace!))
      expect(values.length).toBe(["x", "y", "heading", "speed"].includes(name) ? frames + 1 : frames);
    expect(Math.min(...trace!.timeToCollision)).toBe(safety.minTimeToCollision);
    expect(trace!.gap[9]).toBeCloseTo(trace!.gap[0] - 0.9, 4);
    expect(trace!.timeGap[0]).toBeCloseTo(trace!.gap[0] / 20, 4);
  });
});

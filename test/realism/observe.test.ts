import { describe, expect, test } from "vitest";
import { createTrack, type Recording } from "../../src/episodes/index.ts";
import { observe } from "../../src/realism/index.ts";
import { remeasure } from "../../src/realism/remeasure.ts";
import { straightRoad } from "../../src/sim/index.ts";

const dt = 0.1;
const frames = 200;
const road = straightRoad("two lanes", 500, 2);

/** Cars at constant speed [m/s], each from its x at its y(t). */
function recordingOf(cars: { x: number; speed: number; y: (t: number) => number }[]): Recording {
  const tracks = cars.map(({ x, speed, y }, id) =>
    createTrack(
      {
        id: id + 1,
        firstFrame: 0,
        length: 4,
        width: 2,
        x: Float64Array.from({ length: frames }, (_, k) => x + speed * k * dt),
        y: Float64Array.from({ length: frames }, (_, k) => y(k * dt)),
      },
      dt,
    ),
  );
  const whole = { firstFrame: 0, endFrame: frames };
  return {
    name: "test",
    road,
    dt,
    frames,
    tracks,
    coverage: [{ ...whole, start: 0, end: road.length }],
    clips: [{ ...whole, name: "test" }],
    provenance: "made for a test",
  };
}

const look = (recording: Recording) =>
  observe({
    recording,
    range: { firstFrame: 0, endFrame: frames },
    mainLanes: 2,
    stretch: [0, road.length],
  });

const inLeftLane = (): number => 0;

describe("what is measured of traffic", () => {
  test("a car 20 m behind its leader, both at 10 m/s, has a gap of 16 m and a time gap of 1.6 s", () => {
    const { samples } = look(
      recordingOf([
        { x: 30, speed: 10, y: inLeftLane },
        { x: 10, speed: 10, y: inLeftLane },
      ]),
    );
    for (const value of samples.gap.values) expect(value).toBeCloseTo(16, 3);
    for (const value of samples.timeGap.values) expect(value).toBeCloseTo(1.6, 3);
    for (const value of samples.closingSpeed.values) expect(value).toBeCloseTo(0, 3);
    expect(samples.gap.values.length).toBeGreaterThan(30);
  });

  test("nobody is a leader in the other lane, or 100 m ahead", () => {
    const { samples } = look(
      recordingOf([
        { x: 130, speed: 10, y: inLeftLane },
        { x: 30, speed: 10, y: inLeftLane },
        { x: 40, speed: 10, y: () => -3.7 },
      ]),
    );
    expect(samples.gap.values).toEqual([]);
  });

  test("a lane change of 5 s counts once and lasts a little less, its gentle ends left out", () => {
    const y = (t: number): number => {
      const p = Math.min(1, Math.max(0, (t - 5) / 5));
      return -3.7 * (10 * p ** 3 - 15 * p ** 4 + 6 * p ** 5);
    };
    const { changes, meters, samples } = look(recordingOf([{ x: 10, speed: 20, y }]));
    expect(changes).toEqual([1]);
    // A change within a second of either end would not be told, so that road does not count.
    const second = Math.round(1 / dt);
    expect(meters[0]).toBeCloseTo(20 * (frames - 2 * second + 1) * dt, 6);
    expect(samples.changeDuration.values[0]).toBeGreaterThan(3.5);
    expect(samples.changeDuration.values[0]).toBeLessThan(5);
  });

  test("who only touches the line has not changed lanes", () => {
    const y = (t: number): number => -1.9 * Math.exp(-((t - 8) ** 2) / 0.2);
    expect(look(recordingOf([{ x: 10, speed: 20, y }])).changes).toEqual([0]);
  });

  test("ten cars per 250 m at 10 m/s are 40 veh/km and 1,440 veh/h", () => {
    const cars = Array.from({ length: 20 }, (_, i) => ({ x: -190 + 25 * i, speed: 10, y: inLeftLane }));
    const { samples } = look(recordingOf(cars));
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, one) => sum + one, 0) / values.length;
    const full = samples.density.values.filter((density) => density > 0);
    expect(mean(full)).toBeCloseTo(40, -1);
    const flow = samples.flow.values.filter((one) => one > 0);
    expect(mean(flow) / mean(full)).toBeCloseTo(36, 3);
  });
});

test("measuring again moves no car that drives evenly", () => {
  const recording = recordingOf([{ x: 10, speed: 15, y: () => -1 }]);
  const [again] = remeasure(recording).tracks;
  expect(again!.x[100]).toBeCloseTo(recording.tracks[0]!.x[100]!, 3);
  expect(again!.y[100]).toBeCloseTo(-1, 3);
  expect(again!.speed[100]).toBeCloseTo(15, 3);
});

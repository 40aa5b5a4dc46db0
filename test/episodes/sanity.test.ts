import { describe, expect, test } from "vitest";
import { InputError } from "../../src/core/index.ts";
import {
  checkNumbers,
  decodeRecording,
  encodeRecording,
  type Recording,
  type Track,
} from "../../src/episodes/index.ts";
import { absurdRecording } from "../support/recordings.ts";
import { car, recordingOf, steady } from "./fixture.ts";

const good = recordingOf([
  car(1, { x: 0 }, steady(20, 50)),
  car(7, { firstFrame: 5, x: 40 }, steady(10, 30)),
]);

/** `good` with something wrong about vehicle 7. */
const spoiled = (change: (track: Track) => Partial<Track>): Recording => ({
  ...good,
  tracks: good.tracks.map((track) => (track.id === 7 ? { ...track, ...change(track) } : track)),
});
const at = (values: Float64Array, t: number, value: number): Float64Array => values.with(t, value);

describe("a bad number in a recording is named by file, vehicle and frame:", () => {
  test.each<[string, (track: Track) => Partial<Track>, string]>([
    [
      "a position that is no number",
      ({ x }) => ({ x: at(x, 3, Number.NaN) }),
      "vehicle 7, frame 8: expected a position along the road from -100000 to 100000 m, got NaN.",
    ],
    [
      "a vehicle that flies off sideways",
      ({ y }) => ({ y: at(y, 0, Infinity) }),
      "vehicle 7, frame 5: expected a position across the road from -100000 to 100000 m, got Infinity.",
    ],
    [
      "feet per second taken for something faster than a car",
      ({ speed }) => ({ speed: speed.map((value) => 20 * value) }),
      "vehicle 7, frame 5: expected a speed from 0 to 100 m/s, got 200.",
    ],
    [
      "two vehicles under one id: a jump",
      ({ speed }) => ({ speed: at(speed, 9, 45) }),
      "vehicle 7, frame 14: expected a change of speed from -200 to 200 m/s², got 350.",
    ],
    [
      "a truck as long as a train",
      () => ({ length: 400 }),
      "vehicle 7, frame 5: expected a length from 0.5 to 40 m, got 400.",
    ],
    [
      "frames beyond the end",
      () => ({ firstFrame: good.frames }),
      `vehicle 7: expected frames from 0 to ${good.frames - 1}, got ${good.frames} to ${good.frames + 30}.`,
    ],
  ])("%s", (_, change, message) => {
    const recording = spoiled(change);
    expect(() => checkNumbers(recording, "data/a.recording")).toThrow(InputError);
    expect(() => checkNumbers(recording, "data/a.recording")).toThrow(`data/a.recording: ${message}`);
    expect(() => encodeRecording(recording)).toThrow(message);
  });
});

test("a good recording passes", () => {
  expect(() => checkNumbers(good, "good")).not.toThrow();
});

test("a file with an intact checksum and an absurd jump inside is refused when it is read", () => {
  expect(() => decodeRecording(absurdRecording(), "b.recording")).toThrow(
    "b.recording: vehicle 12, frame 1: expected a speed from 0 to 100 m/s, got 500.",
  );
});

test("seconds between frames that are none are refused", () => {
  expect(() => checkNumbers({ ...good, dt: Number.NaN }, "c")).toThrow(
    "c: expected seconds between frames from 0 to 10, got NaN.",
  );
});

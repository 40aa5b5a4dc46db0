import { expect, test } from "vitest";
import { createRng, encodeEnvelope, InputError } from "../../src/core/index.ts";
import { createTrack, decodeRecording, encodeRecording } from "../../src/episodes/index.ts";
import { car, dt, recordingOf, steady } from "./fixture.ts";

const rng = createRng("codec");
const wanderer = car(
  3,
  { firstFrame: 7, x: 12.3456789, y: -3.7, drift: -0.01 },
  Array.from({ length: 80 }, () => Math.max(0, 6 + 5 * rng.normal())),
);
const recording = recordingOf([car(1, { x: 0 }, steady(20, 50)), wanderer, car(9, { x: 40 }, steady(0, 30))]);

test("a recording comes back from its bytes to the bit", () => {
  expect(decodeRecording(encodeRecording(recording), "test")).toEqual(recording);
});

test("a recording of no vehicles comes back", () => {
  const empty = recordingOf([], { frames: 10 });
  expect(decodeRecording(encodeRecording(empty), "test")).toEqual(empty);
});

test("a car at steady speed costs less than half a byte per frame", () => {
  const short = encodeRecording(recordingOf([car(1, { x: 0 }, steady(20, 1000))])).length;
  const long = encodeRecording(recordingOf([car(1, { x: 0 }, steady(20, 3000))])).length;
  expect(long - short).toBeLessThan(1000);
});

test("a recording that was cut short, altered or is something else is refused by name", () => {
  const bytes = encodeRecording(recording);
  const altered = bytes.slice();
  altered[bytes.length - 9] ^= 1;
  expect(() => decodeRecording(bytes.subarray(0, bytes.length - 1), "a.recording")).toThrow(InputError);
  expect(() => decodeRecording(altered, "a.recording")).toThrow(
    /a\.recording: expected a recording, got a damaged/,
  );
  const policy = encodeEnvelope({ kind: "policy", version: 1, meta: {}, payload: new Uint8Array(3) });
  expect(() => decodeRecording(policy, "b.policy")).toThrow("b.policy: expected a recording, got a policy.");
  const newer = encodeEnvelope({ kind: "recording", version: 99, meta: {}, payload: new Uint8Array(3) });
  expect(() => decodeRecording(newer, "c")).toThrow("c: expected a recording of version 1, got version 99.");
});

test("a car that creeps slower than 4 cm/s keeps its heading within some milliradians", () => {
  const slope = 0.05;
  const positions = Array.from({ length: 400 }, (_, t) => 0.003 * dt * t * t * 0.01);
  const track = createTrack(
    {
      id: 1,
      firstFrame: 0,
      length: 4,
      width: 2,
      x: Float64Array.from(positions),
      y: Float64Array.from(positions, (x) => slope * x),
    },
    dt,
  );
  expect(track.x.at(-1)! - positions.at(-1)!).toBeCloseTo(0, 2);
  for (const heading of track.heading) expect(Math.abs(heading - Math.atan(slope))).toBeLessThan(0.005);
});

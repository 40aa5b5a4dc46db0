import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createFrameReader, createWindowSampler } from "../../src/episodes/index.ts";
import {
  egoStateColumns as columns,
  egoStateSize,
  ForwardModelConfig,
} from "../../src/forward-model/index.ts";
import { drawPolicyWindows, PolicyConfig, type PolicyWindows } from "../../src/policy/index.ts";
import {
  createConstantDriver,
  createTraffic,
  findCollision,
  isOnRoad,
  pixelSpecs,
  type Driver,
} from "../../src/sim/index.ts";
import { waveRecording } from "../support/recordings.ts";

const model = ForwardModelConfig.parse({});
const recording = waveRecording();
const range = { firstFrame: 0, endFrame: recording.frames };
const sampler = createWindowSampler(
  [{ recording, range, weight: 1 }],
  { pastFrames: 4, futureFrames: 20, margin: 36 },
  pixelSpecs.laptop,
);
const count = 16;
const draw = (over: object, driver?: Driver, first = 0, B = count): PolicyWindows =>
  drawPolicyWindows(
    sampler,
    model,
    PolicyConfig.parse({ training: over }).training,
    createRng("own driving"),
    first,
    B,
    { futureSteps: 0, perturb: true, ...(driver === undefined ? {} : { driver }) },
  );

/** Accelerates for ever: sooner or later it touches the vehicle ahead. */
const reckless: Driver = {
  name: "reckless",
  begin: () => ({
    observe: () => undefined,
    act: (_scenes, actions) => {
      for (const action of actions) action.acceleration = 3;
    },
    dispose: () => undefined,
  }),
};

describe("starts to which the policy has driven by itself", () => {
  test("with a share of zero are the recorded and pushed ones, bit for bit", () => {
    const none = draw({ ownShare: 0 }, reckless);
    const plain = draw({ ownShare: 0 });
    expect(none.views).toEqual(plain.views);
    expect(none.states).toEqual(plain.states);
  });

  test("lie where the kinematics lead from the last recorded state", () => {
    const windows = draw({ ownShare: 1, perturbedShare: 0 }, createConstantDriver("none"));
    const [first, , now] = windows.states as [Float32Array, Float32Array, Float32Array];
    let driven = 0;
    for (let b = 0; b < count; b++) {
      const i = b * egoStateSize;
      const speed = now[i + columns.speed]!;
      if (first[i + columns.speed] !== speed || first[i + columns.heading] !== now[i + columns.heading])
        continue;
      driven++;
      // Two steps of 0.2 s at constant speed and heading.
      expect(Math.hypot(first[i]!, first[i + 1]!)).toBeCloseTo(0.4 * speed, 4);
    }
    expect(driven).toBeGreaterThan(count / 2);
  });

  test("harm nobody, even when the driving would have", () => {
    const windows = draw({ ownShare: 1, ownSteps: 60, perturbedShare: 0 }, reckless);
    const reader = createFrameReader(recording);
    const traffic = createTraffic(reader.capacity);
    let faster = 0;
    windows.starts.forEach(({ track, frame, trackIndex }, b) => {
      const { x, y, speed } = windows.frames[b]!;
      const heading = windows.states[2]![b * egoStateSize + columns.heading]!;
      reader.readAround(frame, traffic, x, 100, trackIndex);
      expect(findCollision({ x, y, heading, speed }, track, traffic)).toBeNull();
      expect(isOnRoad(recording.road, { x, y, heading, length: track.length, width: track.width })).toBe(
        true,
      );
      if (speed > track.speed[frame - track.firstFrame]! + 1) faster++;
    });
    expect(faster).toBeGreaterThan(count / 4);
  });

  test("are the same whoever draws them", () => {
    const whole = draw({ ownShare: 0.5 }, reckless);
    const half = draw({ ownShare: 0.5 }, reckless, count / 2, count / 2);
    expect(half.frames).toEqual(whole.frames.slice(count / 2));
    expect(half.views[2]).toEqual(whole.views[2]!.slice(whole.views[2]!.length / 2));
  });
});

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import {
  CounterfactualConfig,
  drawEgoWindows,
  drawPerturbation,
  egoStateColumns as columns,
  ForwardModelConfig,
  moveEgo,
  perturbedWay,
  recordedWay,
  renderEgoWindows,
  wayShape,
  type EgoWindows,
} from "../../src/forward-model/index.ts";
import { createRenderer, createTraffic, pixelSpecs } from "../../src/sim/index.ts";
import { createFrameReader } from "../../src/episodes/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const config = ForwardModelConfig.parse({});
const recording = waveRecording();
const steps = 12;
const shape = wayShape(config, steps);
const sampler = createWindowSampler(
  [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
  { ...shape, margin: 36 },
  pixelSpecs.laptop,
);
const settings = (over: object = {}) => CounterfactualConfig.parse(over);
const draw = (over: object, count = 8, seed = "windows", first = 0): EgoWindows =>
  drawEgoWindows(sampler, config, settings(over), steps, createRng(seed), first, count);
/** Which of the first `count` pictures differ in a byte. */
const differingPictures = (a: EgoWindows, b: EgoWindows, count: number): number[] =>
  Array.from({ length: count }, (_, k) => k).filter(
    (k) => Buffer.compare(a.pictures[k]!, b.pictures[k]!) !== 0,
  );
/** Nothing perturbed, though every window is said to be. */
const nothing = {
  share: 1,
  offsetShare: 0,
  forgetShare: 0,
  gentleAcceleration: 0,
  strongAcceleration: 0,
  whiteAcceleration: 0,
  gentleLateral: 0,
  strongLateral: 0,
  driftShare: 0,
};

describe("a counterfactual window", () => {
  test("with zero perturbation equals the recorded one bit for bit", () => {
    const recorded = draw({ share: 0 });
    const zero = draw(nothing);
    expect(differingPictures(zero, recorded, zero.pictures.length)).toEqual([]);
    expect(zero.egoStates).toEqual(recorded.egoStates);
    expect(zero.actions).toEqual(recorded.actions);
  });

  test("moves by the kinematics under its actions, as an imagined ego does", () => {
    // Without the recorded acceleration, which changes within a step.
    const windows = draw({ share: 1, forgetShare: 1, fromPastShare: 1 });
    for (let k = 0; k < windows.actions.length; k++) {
      const moved = tf.tidy(
        () =>
          moveEgo(
            tf.tensor2d(windows.egoStates[k]!, [8, 4]),
            tf.tensor2d(windows.actions[k]!, [8, 2]),
            config.stepFrames,
          ).dataSync() as Float32Array,
      );
      moved.forEach((value, i) => expect(Math.abs(value - windows.egoStates[k + 1]![i]!)).toBeLessThan(2e-3));
    }
  });

  test("shows exactly what the simulator's renderer shows from where the ego has gone", () => {
    const windows = draw({ share: 1 });
    const reader = createFrameReader(recording);
    const traffic = createTraffic(reader.capacity);
    const renderer = createRenderer(pixelSpecs.laptop, recording.road);
    const { height, width } = pixelSpecs.laptop;
    const exact = new Uint8Array(height * width * 3);
    windows.starts.forEach(({ frame, trackIndex }, b) => {
      const way = windows.ways[b]!;
      const last = way.x.length - 1;
      reader.read(frame + shape.futureFrames, traffic);
      const ego = reader.slotOf(frame + shape.futureFrames, trackIndex);
      const view = { x: way.x[last]!, y: way.y[last]!, heading: way.heading[last]! };
      renderer.render(view, traffic, ego, exact, 0);
      expect(windows.pictures.at(-1)!.subarray(b * exact.length, (b + 1) * exact.length)).toEqual(exact);
    });
  });

  test("from the present on has the recorded past", () => {
    const recorded = draw({ share: 0 });
    const windows = draw({ share: 1, fromPastShare: 0 });
    expect(differingPictures(windows, recorded, config.contextFrames)).toEqual([]);
    expect(windows.egoStates.at(-1)).not.toEqual(recorded.egoStates.at(-1));
  });

  test("leads nowhere that the record did not see, at no instant", () => {
    // Every third frame only 200 m of the road were seen.
    const coverage = Array.from({ length: recording.frames }, (_, frame) => ({
      firstFrame: frame,
      endFrame: frame + 1,
      start: 0,
      end: frame % 3 === 0 ? 200 : recording.road.length,
    }));
    const source = {
      recording: { ...recording, coverage },
      range: { firstFrame: 0, endFrame: recording.frames },
    };
    const partly = createWindowSampler(
      [{ ...source, weight: 1 }],
      { ...shape, margin: 36 },
      pixelSpecs.laptop,
    );
    const rng = createRng("windows");
    const { starts, ways } = drawEgoWindows(partly, config, settings({ share: 1 }), steps, rng, 0, 64);
    const unseen = starts.filter((start, b) =>
      Array.from(ways[b]!.x).some((x, t) => !partly.sees(start, start.frame - shape.pastFrames + t, x)),
    );
    expect(unseen).toEqual([]);
  });

  test("is the same whoever draws it", () => {
    const whole = draw({});
    const half = draw({}, 4, "windows", 4);
    expect(half.actions[3]).toEqual(whole.actions[3]!.slice(8));
    expect(half.pictures[5]).toEqual(whole.pictures[5]!.slice(whole.pictures[5]!.length / 2));
  });
});

describe("the mixture of windows", () => {
  const { ways, actions, starts } = draw({ share: 0.75, forgetShare: 0.5 }, 400);

  test("leaves as many windows as recorded as it is told", () => {
    const recorded = starts.filter(
      (start, b) => ways[b]!.x.at(-1) === recordedWay(start, shape.pastFrames, shape.futureFrames).x.at(-1),
    );
    expect(recorded.length / 400).toBeGreaterThan(0.19);
    expect(recorded.length / 400).toBeLessThan(0.31);
  });

  test("spreads accelerations far beyond those of the record, and stays within the bounds of a policy", () => {
    const accelerations = actions.flatMap((row) => Array.from(row).filter((_, i) => i % 2 === 0));
    const deviation = Math.sqrt(accelerations.reduce((sum, a) => sum + a * a, 0) / accelerations.length);
    expect(deviation).toBeGreaterThan(0.9);
    expect(Math.max(...accelerations.map(Math.abs))).toBeLessThanOrEqual(4.001);
    for (const { heading, speed } of ways) {
      for (let t = 0; t < heading.length - 1; t++) {
        const lateral = (Math.abs(heading[t + 1]! - heading[t]!) / 0.1) * speed[t]!;
        expect(lateral).toBeLessThan(1.3);
      }
    }
  });

  test("stays near the road: an ego that weaves does not turn round", () => {
    for (const { heading, y } of ways) {
      expect(Math.max(...heading.map(Math.abs))).toBeLessThan(0.6);
      expect(Math.abs(y.at(-1)! - y[0]!)).toBeLessThan(8);
    }
  });
});

test("an ego that is led to the end of what was seen is led less far, or left on its record", () => {
  const short = { ...recording, coverage: [{ firstFrame: 0, endFrame: 200, start: 0, end: 260 }] };
  const own = createWindowSampler(
    [{ recording: short, range: { firstFrame: 0, endFrame: 200 }, weight: 1 }],
    { ...shape, margin: 36 },
    pixelSpecs.laptop,
  );
  const windows = drawEgoWindows(own, config, settings({ share: 1 }), steps, createRng(3), 0, 64);
  for (const way of windows.ways) expect(way.x.at(-1)! + 36).toBeLessThanOrEqual(260);
});

test("an ego may brake to a stop and drive through others, and is never faster backwards", () => {
  const start = sampler.draw(createRng(5));
  const recorded = recordedWay(start, shape.pastFrames, shape.futureFrames);
  const perturbation = drawPerturbation(settings({ share: 1, fromPastShare: 1 }), shape, createRng(6))!;
  const braking = { ...perturbation, forget: true, acceleration: perturbation.acceleration.map(() => -4) };
  const way = perturbedWay(recorded, braking, { maxAcceleration: 4, maxLateral: 1.2 });
  expect(Math.min(...way.speed)).toBeGreaterThanOrEqual(0);
  expect(way.speed.at(-1)!).toBeCloseTo(Math.max(0, way.speed[0]! - 0.4 * (way.speed.length - 1)), 6);
  const windows = renderEgoWindows(sampler, config, [start], [way], steps);
  expect(windows.egoStates.at(-1)![columns.speed]).toBeCloseTo(way.speed.at(-1)!, 5);
});

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createFrameReader, createWindowSampler, type Recording } from "../../src/episodes/index.ts";
import {
  actionDeviations,
  actionsFromNow,
  askedActions,
  changedActions,
  correlation,
  costDerivatives,
  drawExaminedWindows,
  driveExactly,
  gradientRows,
  openLoop,
  openLoopRows,
  recordedFuture,
  sensitivity,
  sensitivityRows,
  type ExaminedWindows,
  type Future,
} from "../../src/examination/index.ts";
import { CounterfactualConfig, ForwardModelConfig, wayShape } from "../../src/forward-model/index.ts";
import { worldCosts } from "../../src/policy/index.ts";
import { advance, channelCount, createRenderer, createTraffic, pixelSpecs } from "../../src/sim/index.ts";
import { car, recordingOf, steady } from "../episodes/fixture.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const config = ForwardModelConfig.parse({});
const spec = pixelSpecs.laptop;
const steps = 15;
const sourceOf = (recording: Recording) => ({
  config,
  sampler: createWindowSampler(
    [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
    { ...wayShape(config, steps), margin: 36 },
    spec,
  ),
});
const recording = waveRecording();
const source = sourceOf(recording);
const draw = (kind: object, count = 20, from = source): ExaminedWindows =>
  drawExaminedWindows(from, CounterfactualConfig.parse(kind), steps, createRng("windows"), 0, count);
const ordinary = draw({ share: 0 });
const perturbed = draw({ share: 1, fromPastShare: 1 });
const replay = recordedFuture(config);

describe("open loop", () => {
  test("constant velocity is exact where everyone keeps his speed, and a copy is not", () => {
    const scene = recordingOf([
      car(1, { x: 100 }, steady(12, 120)),
      car(2, { x: 125 }, steady(14, 120)),
      car(3, { x: 80, y: -3.7 }, steady(9, 120)),
      car(4, { x: 130, y: -3.7 }, steady(11, 120)),
    ]);
    const from = sourceOf(scene);
    const windows = draw({ share: 0 }, 4, from);
    const rows = openLoopRows(openLoop(from, windows, replay), 4, config);
    expect(rows).toHaveLength(steps);
    for (const row of rows) {
      expect(row.constantVelocity).toBeLessThan(1e-6);
      expect(row.state).toBeLessThan(1e-4);
    }
    expect(rows.at(-1)!.copied).toBeGreaterThan(1e-3);
  });

  test("of those in the picture, constant velocity knows all but who comes in", () => {
    const cars = [car(1, { x: 100 }, steady(12, 120)), car(2, { x: 115 }, steady(14, 120))];
    const late = car(3, { x: 20, y: -3.7 }, steady(30, 120));
    const rowsOf = (tracks: typeof cars) => {
      const from = sourceOf(recordingOf(tracks));
      return openLoopRows(openLoop(from, draw({ share: 0 }, 12, from), replay), 12, config);
    };
    for (const row of rowsOf(cars)) expect(row.shownVelocity).toBeLessThan(1e-6);
    const rows = rowsOf([...cars, late]);
    expect(rows[0]!.shownVelocity).toBeLessThan(rows.at(-1)!.shownVelocity);
    expect(rows.at(-1)!.shownVelocity).toBeGreaterThan(1e-3);
    for (const row of rows) expect(row.constantVelocity).toBeLessThan(1e-6);
  });

  test("the recorded future has no error, and its ego is where it was but for millimeters", () => {
    for (const windows of [ordinary, perturbed]) {
      const rows = openLoopRows(openLoop(source, windows, replay), windows.count, config);
      for (const row of rows) {
        expect(row.image).toBe(0);
        expect(row.state).toBeLessThan(0.05);
      }
    }
  });
});

describe("cost derivatives", () => {
  test.each([
    ["ordinary", ordinary],
    ["perturbed", perturbed],
  ] as const)("of the recorded future agree with the exact ones on %s windows", (name, windows) => {
    for (const seconds of [1, 3]) {
      const derivatives = costDerivatives(source, windows, replay, Math.round(seconds / 0.2));
      const rows = gradientRows(derivatives, seconds, name, createRng(1));
      for (const row of rows.filter(({ cost }) => cost === "proximity")) {
        expect(row.correlation).toBeGreaterThan(0.93);
        expect(row.low).toBeLessThanOrEqual(row.correlation);
        expect(row.ratio).toBeGreaterThan(0.85);
        expect(row.ratio).toBeLessThan(1.15);
        expect(row.sameSign).toBeGreaterThan(0.85);
      }
    }
  });

  test("have a slow twin: one window, driven frame by frame", () => {
    const { exact } = costDerivatives(source, perturbed, replay, 10);
    for (const b of [0, 5, 11]) {
      // At two seconds the change is 0.15 m/s².
      const size = 0.15;
      const slope = (twinCost(b, size) - twinCost(b, -size)) / (2 * size);
      expect(exact[0]![b]!).toBeCloseTo(slope, 5);
    }
  });

  /** Mean proximity over two seconds if window b accelerates by so much more than it did. */
  function twinCost(b: number, change: number): number {
    const { track, trackIndex, frame } = perturbed.egos.starts[b]!;
    const way = perturbed.egos.ways[b]!;
    const now = wayShape(config, 0).pastFrames;
    const reader = createFrameReader(recording);
    const traffic = createTraffic(reader.capacity);
    const renderer = createRenderer(spec, recording.road);
    const start = { x: way.x[now]!, y: way.y[now]!, heading: way.heading[now]!, speed: way.speed[now]! };
    const ego = { ...start };
    const nominal = { ...start };
    let sum = 0;
    for (let step = 0; step < 10; step++) {
      const [acceleration, steering] = actionsFromNow(perturbed)[step]!.slice(2 * b) as unknown as [
        number,
        number,
      ];
      for (let k = 0; k < 2; k++) {
        advance(ego, { acceleration: acceleration + change, steering }, 0.1);
        advance(nominal, { acceleration, steering }, 0.1);
      }
      const bytes = new Uint8Array(spec.height * spec.width * channelCount);
      reader.readAround(frame + 2 * (step + 1), traffic, ego.x, 80, trackIndex);
      renderer.render(ego, traffic, -1, bytes, 0);
      sum += tf.tidy(() => {
        const state = tf.tensor2d([[0, 0, 0, nominal.speed]]);
        const pixels = tf.tensor4d(
          Float32Array.from(bytes, (byte) => byte / 255),
          [1, spec.height, spec.width, channelCount],
        );
        const sizes = { length: Float32Array.of(track.length), width: Float32Array.of(track.width) };
        return worldCosts(spec, sizes, [{ state, scene: { pixels, pose: null } }]).proximity.dataSync()[0]!;
      });
    }
    return sum / 10;
  }
});

describe("action sensitivity", () => {
  const unit = { acceleration: 0.7, lateral: 0.4 };
  const few = draw({ share: 0 }, 8);
  const rowsOf = (future: Future) =>
    sensitivityRows(sensitivity(source, few, future, unit, 10), unit, config, [5, 10]);

  test("is one where the world moves as the kinematics say", () => {
    for (const row of rowsOf(replay).filter(({ deviations }) => deviations === 2)) {
      expect(row.ratio).toBeGreaterThan(0.85);
      expect(row.ratio).toBeLessThan(1.15);
      expect(row.correlation).toBeGreaterThan(0.9);
    }
  });

  test("is zero where the action is ignored", () => {
    const blind: Future = (windows, length, use) =>
      replay(windows, length, ({ step, ...rest }) =>
        use({
          ...rest,
          step: (action) => {
            const { state, scene } = step(action);
            return { state, scene: { pixels: scene.pixels, pose: null } };
          },
        }),
      );
    const rows = rowsOf(blind);
    expect(rows).toHaveLength(2 * askedActions.length);
    for (const row of rows) expect(row).toMatchObject({ ratio: 0, correlation: 0 });
  });
});

test("the recorded actions of a steady drive deviate little, those of perturbed egos much", () => {
  expect(actionDeviations([ordinary]).acceleration).toBeLessThan(0.7);
  expect(actionDeviations([perturbed]).acceleration).toBeGreaterThan(1);
});

test("what is exactly driven under more braking is slower and sees the same world from farther back", () => {
  const own = actionsFromNow(ordinary);
  const braked = driveExactly(
    source,
    ordinary,
    changedActions(ordinary, own, { acceleration: -1, lateral: 0 }),
  );
  const before = driveExactly(source, ordinary, own);
  const column = (states: Float32Array, index: number): number[] =>
    Array.from({ length: ordinary.count }, (_, b) => states[4 * b + index]!);
  const slower = column(braked.states.at(-1)!, 3).map(
    (speed, b) => column(before.states.at(-1)!, 3)[b]! - speed,
  );
  for (const difference of slower) expect(difference).toBeCloseTo(3, 3);
  expect(correlation(column(braked.states[0]!, 0), column(before.states[0]!, 0))).toBeCloseTo(1, 6);
});

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import {
  createForwardModel,
  disposeNoise,
  drawNoise,
  ForwardModelConfig,
  wayShape,
} from "../../src/forward-model/index.ts";
import {
  observeSurroundings,
  pictureOf,
  seenFrom,
  type Surroundings,
} from "../../src/forward-model/families/surroundings.ts";
import { channels, pixelSpecs } from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const config = ForwardModelConfig.parse({ latent: "none", stemChannels: 8, hiddenChannels: 16 });
const spec = pixelSpecs.laptop;
const [H, W] = [spec.height, spec.width];
const C = 3;

/** One window: a car of 4 × 2 pixels that stands still, beside a line along the road. */
function still(): tf.Tensor4D {
  const picture = new Float32Array(H * W * C);
  const set = (i: number, j: number, channel: number): void => void (picture[(i * W + j) * C + channel] = 1);
  for (let i = 20; i < 24; i++) for (const j of [5, 6]) set(i, j, channels.traffic);
  for (let i = 0; i < H; i++) set(i, 8, channels.lane);
  return tf.tensor4d(picture, [1, H, W, C]);
}
const observed = (): Surroundings => observeSurroundings([still(), still(), still()], config);
const poseOf = (x: number, y: number, heading: number): tf.Tensor2D => tf.tensor2d([[x, y, heading]]);
const seen = (pose: tf.Tensor2D): tf.Tensor4D => pictureOf(seenFrom(observed(), pose, pose, config));

describe("surroundings", () => {
  test("that nobody has moved look as they were seen", () => {
    tf.tidy(() => {
      expect(pictureOf(observed()).dataSync()).toEqual(still().dataSync());
    });
  });

  test("seen from two rows ahead and one column to the left lie two rows lower and one column to the right", () => {
    tf.tidy(() => {
      const picture = seen(poseOf(2 * spec.metersPerRow, spec.metersPerColumn, 0)).dataSync();
      const at = (i: number, j: number, channel: number): number => picture[(i * W + j) * C + channel]!;
      expect(at(22, 6, channels.traffic)).toBeCloseTo(1, 4);
      expect(at(25, 7, channels.traffic)).toBeCloseTo(1, 4);
      expect(at(21, 6, channels.traffic)).toBeCloseTo(0, 4);
      expect(at(40, 9, channels.lane)).toBeCloseTo(1, 4);
      expect(at(40, 8, channels.lane)).toBeCloseTo(0, 4);
    });
  });

  test("seen from a pose turned to the left lie to the right far ahead, car and ground alike, and their velocity turns", () => {
    tf.tidy(() => {
      const turn = 0.05;
      const { traffic, groundShift } = seenFrom(
        {
          ...observed(),
          traffic: { ...observed().traffic, velocity: tf.onesLike(observed().traffic.velocity) },
        },
        poseOf(0, 0, turn),
        poseOf(0, 0, turn),
        config,
      );
      const ahead = (H / 2 - 0.5 - 20) * spec.metersPerRow;
      const right = (ahead * Math.sin(turn)) / spec.metersPerColumn;
      const left = (W / 2 - 0.5 - 5) * spec.metersPerColumn;
      const columns = traffic.displacement.bufferSync().get(0, 20, 5, 1);
      expect(columns).toBeCloseTo(right + (left * (1 - Math.cos(turn))) / spec.metersPerColumn, 4);
      // Where that place is read: as far to the left.
      expect(groundShift.bufferSync().get(0, 20, 5, 1)).toBeLessThan(-0.9 * right + 0.2);
      const [rows, across] = [0, 1].map((k) => traffic.velocity.bufferSync().get(0, 20, 5, k));
      const length = (r: number, c: number): number =>
        Math.hypot(r * spec.metersPerRow, c * spec.metersPerColumn);
      expect(length(rows!, across!)).toBeCloseTo(length(1, 1), 4);
      expect(across).not.toBeCloseTo(1, 3);
    });
  });

  test("have gradients with respect to the pose that finite differences give", () => {
    const weights = Float32Array.from(
      { length: H * W * C },
      (_, p) => Math.sin(0.2 * Math.floor(p / (W * C))) + 0.3 * Math.cos(0.4 * p),
    );
    const value = (pose: tf.Tensor2D): tf.Scalar =>
      tf.sum(tf.mul(seen(pose), tf.tensor4d(weights, [1, H, W, C])));
    tf.tidy(() => {
      const at = [0.4, 0.3, 0.011];
      const gradient = tf
        .grad((pose) => value(pose as tf.Tensor2D))(poseOf(at[0]!, at[1]!, at[2]!))
        .dataSync();
      [1e-2, 1e-2, 3e-4].forEach((h, i) => {
        const moved = (by: number): number => {
          const [x, y, heading] = at.map((v, j) => (i === j ? v + by : v)) as [number, number, number];
          return value(poseOf(x, y, heading)).dataSync()[0]!;
        };
        const slope = (moved(h) - moved(-h)) / (2 * h);
        expect(Math.abs(gradient[i]! - slope)).toBeLessThan(0.05 * Math.abs(slope) + 0.02);
      });
    });
  });
});

describe("a network that has learned nothing", () => {
  const recording = waveRecording();
  const errors = (family: "coupled" | "kinematic"): { readonly model: number; readonly copy: number } => {
    const familyConfig = ForwardModelConfig.parse({
      ...{ family, latent: "none", stemChannels: 8, hiddenChannels: 16 },
      training: { counterfactual: { share: 1, strongShare: 1 } },
    });
    const steps = 5;
    const sampler = createWindowSampler(
      [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
      { ...wayShape(familyConfig, steps), margin: 36 },
      spec,
    );
    const model = createForwardModel(familyConfig, createRng("model"));
    model.parameters.variables["heads"]!.assign(tf.zerosLike(model.parameters.variables["heads"]!));
    const lesson = model.drawLesson(sampler, steps, createRng("lesson"), 0, 16);
    const noise = drawNoise(familyConfig, { batch: 16, steps, dropout: false }, createRng("noise"));
    const result = tf.tidy(() => {
      const { predicted, target, last } = lesson(noise, false);
      const error = (a: tf.Tensor4D): number => tf.losses.meanSquaredError(target.at(-1)!, a).dataSync()[0]!;
      return { model: error(predicted.at(-1)!), copy: error(last) };
    });
    disposeNoise(noise);
    model.dispose();
    return result;
  };

  test("lets everything go on as it went: closed form foresees what braking and steering show, a coupled network has yet to learn it", () => {
    const kinematic = errors("kinematic");
    const coupled = errors("coupled");
    expect(kinematic.model).toBeLessThan(0.25 * kinematic.copy);
    expect(coupled.model).toBeLessThan(coupled.copy);
    expect(kinematic.model).toBeLessThan(0.5 * coupled.model);
  });
});

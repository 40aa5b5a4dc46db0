import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import {
  createForwardModel,
  disposeNoise,
  drawNoise,
  createSeparatedModel,
  drawWorldWindows,
  encodeForwardModel,
  evaluateLesson,
  ForwardModelConfig,
  klFromStandardNormal,
  latentLength,
  loadForwardModel,
  modelGradient,
  reparameterize,
  rollOutWorld,
  worldStart,
} from "../../src/forward-model/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import { createAdam } from "../../src/tensor/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const config = ForwardModelConfig.parse({ stemChannels: 8, hiddenChannels: 16, latentSize: 4 });
const recording = waveRecording();
const sampler = createWindowSampler(
  [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
  { pastFrames: 4, futureFrames: 10, margin: 36 },
  pixelSpecs.laptop,
);
const windows = drawWorldWindows(sampler, config, 4, createRng("windows"), 0, 4);
const noiseOf = (dropout: boolean, seed = "noise") =>
  drawNoise(config, { batch: 4, steps: 4, dropout }, createRng(seed));

describe("the latent", () => {
  test("KL of the prior with itself is zero, and grows with mean and variance as the formula says", () => {
    const kl = (mean: number, logVariance: number): number =>
      tf.tidy(
        () =>
          klFromStandardNormal({
            mean: tf.fill([1, 2], mean) as tf.Tensor2D,
            logVariance: tf.fill([1, 2], logVariance) as tf.Tensor2D,
          }).dataSync()[0]!,
      );
    expect(kl(0, 0)).toBeCloseTo(0, 6);
    expect(kl(2, 0)).toBeCloseTo(4, 5);
    expect(kl(0, 1)).toBeCloseTo(Math.E - 2, 5);
  });

  test("reparameterize moves the mean by ε deviations", () => {
    const value = tf.tidy(
      () =>
        reparameterize(
          { mean: tf.tensor2d([[1]]), logVariance: tf.tensor2d([[Math.log(9)]]) },
          tf.tensor2d([[-2]]),
        ).dataSync()[0]!,
    );
    expect(value).toBeCloseTo(-5, 5);
  });
});

describe("a rollout of the world", () => {
  const predict = (dropout: boolean, seed?: string): Float32Array => {
    const model = createSeparatedModel(config, createRng("model"));
    const noise = noiseOf(dropout, seed);
    const last = tf.tidy(() => {
      return rollOutWorld(model, worldStart(windows, config), 4, noise)
        .predicted.at(-1)!
        .dataSync() as Float32Array;
    });
    disposeNoise(noise);
    model.dispose();
    return last;
  };

  test("is the same for the same noise and differs between dropout masks", () => {
    expect(predict(true)).toEqual(predict(true));
    expect(predict(true)).not.toEqual(predict(true, "other noise"));
  });

  test("stays within [0, 1]", () => {
    const values = predict(false);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
  });

  test("a window's noise does not depend on how many windows are drawn beside it", () => {
    const whole = drawNoise(config, { batch: 4, steps: 2, dropout: true }, createRng(7));
    const half = drawNoise(config, { batch: 2, steps: 2, dropout: true }, createRng(7), 2);
    expect(half.latent![1]!.dataSync()).toEqual(whole.latent![1]!.dataSync().slice(2 * latentLength(config)));
    expect(half.masks!["fine"]!.dataSync()).toEqual(
      whole.masks!["fine"]!.dataSync().slice(2 * config.hiddenChannels),
    );
    disposeNoise(whole);
    disposeNoise(half);
  });
});

describe("a training step", () => {
  test("leaks no tensors", () => {
    const model = createSeparatedModel(config, createRng("model"));
    const gradient = new Float32Array(model.parameters.size);
    const step = (): void => void modelGradient(model, model.lessonOf(windows), noiseOf(true), gradient);
    step();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) step();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  test("has the gradient that finite differences give along its own direction", () => {
    const model = createSeparatedModel(config, createRng("model"));
    const { parameters } = model;
    const gradient = new Float32Array(parameters.size);
    const loss = (): number =>
      modelGradient(model, model.lessonOf(windows), noiseOf(true), new Float32Array(parameters.size)).total;
    modelGradient(model, model.lessonOf(windows), noiseOf(true), gradient);
    const values = parameters.read();
    // Along the gradient itself, where 32-bit rounding drowns least.
    const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
    const along = (step: number): number => {
      parameters.write(values.map((value, i) => value + (step * gradient[i]!) / norm));
      return loss();
    };
    const h = 2e-3;
    expect((along(h) - along(-h)) / (2 * h) / norm).toBeCloseTo(1, 1);
    model.dispose();
  });

  // Cars that move as one have less to fit a batch with.
  test.each([
    ["pixels", 40],
    ["bodies", 100],
  ] as const)(
    "learns (%s): on one batch the loss falls to less than half in %s updates, and the world is predicted better than by copying",
    (motion, updates) => {
      const model = createSeparatedModel({ ...config, motion }, createRng("model"));
      const { parameters } = model;
      const adam = createAdam(parameters.size, { learningRate: 3e-3 });
      const values = parameters.read();
      const gradient = new Float32Array(parameters.size);
      const losses: number[] = [];
      for (let update = 0; update < updates; update++) {
        losses.push(
          modelGradient(model, model.lessonOf(windows), noiseOf(false, `noise ${update}`), gradient).image,
        );
        adam.step(values, gradient);
        parameters.write(values);
      }
      expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
      const noise = noiseOf(false, "held out");
      const errors = evaluateLesson(model.lessonOf(windows), noise);
      disposeNoise(noise);
      expect(errors.predicted.at(-1)!).toBeLessThan(errors.copied.at(-1)!);
      model.dispose();
    },
  );
});

describe("a model file", () => {
  test("gives back the same model", () => {
    const model = createForwardModel(config, createRng("model"));
    const copy = loadForwardModel(encodeForwardModel(model), "copy");
    expect(copy.config).toEqual(model.config);
    expect(copy.parameters.read()).toEqual(model.parameters.read());
    model.dispose();
    copy.dispose();
  });

  test("is refused by name when it was cut short, altered or is no model", () => {
    const model = createForwardModel(config, createRng("model"));
    const bytes = encodeForwardModel(model);
    model.dispose();
    expect(() => loadForwardModel(bytes.subarray(0, bytes.length - 5), "m.headway")).toThrow(
      "m.headway: expected a forward model, got a damaged one (cut short or altered).",
    );
    expect(() => loadForwardModel(new Uint8Array(100), "m.headway")).toThrow("without its magic bytes");
  });
});

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import {
  createForwardModel,
  disposeNoise,
  drawNoise,
  ForwardModelConfig,
  rollOut,
} from "../../src/forward-model/index.ts";
import {
  calibrateUncertainty,
  checkMethod,
  createPolicyNetwork,
  drawPolicyWindows,
  learnCosts,
  learnedCosts,
  mpurGradient,
  PolicyConfig,
  policyMethods,
  type Price,
} from "../../src/policy/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const horizonSteps = 3;
const config = PolicyConfig.parse({
  channels: [8, 8, 8],
  hidden: 16,
  horizonSteps,
  costs: { learned: true, learningRate: 4e-3 },
});
const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
const spec = pixelSpecs.laptop;
const recording = waveRecording();
const sampler = createWindowSampler(
  [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
  { pastFrames: 4, futureFrames: 2 * horizonSteps, margin: 36 },
  spec,
);
const modelOf = (family: ForwardModelConfig["family"]) =>
  createForwardModel(
    // Of a fresh model with a latent per cell, what it draws would move the ground about.
    ForwardModelConfig.parse({
      family,
      latentPer: "view",
      stemChannels: 4,
      hiddenChannels: 8,
      latentSize: 2,
    }),
    createRng("model"),
  );
const draw = (model: ForwardModelConfig, first: number, count: number) =>
  drawPolicyWindows(sampler, model, config.training, createRng("windows"), first, count, {
    futureSteps: 0,
    perturb: true,
  });
const batches = (model: ForwardModelConfig, count: number) =>
  Array.from({ length: count }, (_, k) => draw(model, 8 * k, 8));

describe.each(["separated", "coupled"] as const)("costs learned in a %s model", (family) => {
  test("come close to the formulas, pass their gradient to the actions, and leak nothing", () => {
    const model = modelOf(family);
    const tensors = tf.memory().numTensors;
    const { regressor, explained } = learnCosts(model, config, batches(model.config, 60), createRng("costs"));
    expect(explained.proximity).toBeGreaterThan(0.4);
    expect(explained.offroad).toBeGreaterThan(0.4);
    const windows = draw(model.config, 0, 2);
    const noise = drawNoise(
      model.config,
      { batch: 2, steps: horizonSteps, dropout: false },
      createRng("noise"),
    );
    const imagination = model.imagine(windows, horizonSteps, noise);
    const cost = (action: tf.Tensor): tf.Scalar => {
      const { steps } = rollOut(imagination.again(), horizonSteps, () => action as tf.Tensor2D, 0);
      const { proximity, lane } = learnedCosts(regressor, spec, windows, steps);
      return tf.add(tf.sum(proximity), tf.sum(lane));
    };
    const at = (steering: number): number =>
      tf.tidy(
        () =>
          cost(
            tf.tensor2d([
              [0.3, steering],
              [0.5, -0.002],
            ]),
          ).dataSync()[0]!,
      );
    const slopes = tf.tidy(() => {
      const action = tf.tensor2d([
        [0.3, 0.002],
        [0.5, -0.002],
      ]);
      return tf.grad(cost)(action).dataSync();
    });
    expect(Array.from(slopes).every((value) => value !== 0)).toBe(true);
    // By steering, because speed is a constant on purpose; a view turned bilinearly has kinks, hence the tolerance.
    const difference = (at(0.0025) - at(0.0015)) / 0.001;
    expect(Math.abs(slopes[1]! / difference - 1)).toBeLessThan(0.2);
    disposeNoise(noise);
    regressor.parameters.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
  });
});

test("a policy can learn from what the network asks, its doubt measured by the same prices", () => {
  const model = modelOf("separated");
  const { regressor } = learnCosts(model, config, batches(model.config, 3), createRng("costs"));
  const price: Price = (spec, sizes, steps) => learnedCosts(regressor, spec, sizes, steps);
  const policy = createPolicyNetwork(config, view, createRng("policy"));
  const windows = draw(model.config, 0, 4);
  const gradient = new Float32Array(policy.parameters.size);
  const usual = calibrateUncertainty(model, config, [windows], createRng("usual"), price);
  const before = regressor.parameters.read();
  const paid = (price?: Price) =>
    mpurGradient(policy, model, config, { windows, first: 0 }, usual, createRng("noise"), gradient, price);
  const byFormula = paid();
  const byNetwork = paid(price);
  expect(byNetwork.proximity).not.toBe(byFormula.proximity);
  expect(byNetwork.jerk).toBe(byFormula.jerk);
  expect(gradient.some((value) => value !== 0)).toBe(true);
  expect(regressor.parameters.read()).toEqual(before);
  regressor.parameters.dispose();
  policy.parameters.dispose();
  model.dispose();
});

test("a method that takes no prices refuses learned ones", () => {
  expect(() => checkMethod(policyMethods.imitation, config, ForwardModelConfig.parse({}))).toThrow(
    "policy.costs.learned: expected false with this method, which takes no prices, got true.",
  );
});

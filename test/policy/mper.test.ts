import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import {
  createForwardModel,
  ForwardModelConfig,
  meanNoise,
  moveEgo,
  rollOut,
  viewOf,
} from "../../src/forward-model/index.ts";
import {
  createPolicyNetwork,
  drawPolicyWindows,
  mperGradient,
  PolicyConfig,
  recordedActions,
  recordedStates,
  type PolicyNetwork,
} from "../../src/policy/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import { createAdam } from "../../src/tensor/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const horizonSteps = 4;
const config = PolicyConfig.parse({ channels: [8, 8, 8], hidden: 16, horizonSteps });
const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
const recording = waveRecording();
const sampler = createWindowSampler(
  [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
  { pastFrames: 4, futureFrames: 2 * horizonSteps, margin: 36 },
  pixelSpecs.laptop,
);
const settings = (family: "separated" | "coupled" | "kinematic") =>
  ForwardModelConfig.parse({ family, stemChannels: 4, hiddenChannels: 8, latentSize: 2 });
const drawFor = (model: ForwardModelConfig) =>
  drawPolicyWindows(sampler, model, config.training, createRng("windows"), 0, 4, {
    futureSteps: 0,
    futureViews: horizonSteps,
    perturb: false,
  });
const calibration = { cost: { mean: [0, 0, 0, 0], deviation: [1e-9, 1e-9, 1e-9, 1e-9] } };
const makePolicy = () => createPolicyNetwork(config, view, createRng("policy"));

describe.each(["separated", "coupled", "kinematic"] as const)("imitation inside a %s model", (family) => {
  const model = () => createForwardModel(settings(family), createRng("model"));

  test("leaks no tensors, leaves the model alone, and gives every term", () => {
    const world = model();
    const policy = makePolicy();
    const shard = { windows: drawFor(world.config), first: 0 };
    const gradient = new Float32Array(policy.parameters.size);
    const before = world.parameters.read();
    const step = () => mperGradient(policy, world, config, shard, calibration, createRng("noise"), gradient);
    const report = step();
    const tensors = tf.memory().numTensors;
    expect(step()).toEqual(report);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(world.parameters.read()).toEqual(before);
    expect(gradient.every((value) => Number.isFinite(value))).toBe(true);
    for (const value of Object.values(report)) expect(value).toBeGreaterThan(0);
    world.dispose();
    policy.parameters.dispose();
  });

  test("pulls the gradient through states and pictures alike", () => {
    const world = model();
    const policy = makePolicy();
    const shard = { windows: drawFor(world.config), first: 0 };
    for (const matching of [
      { states: 1, pictures: 0 },
      { states: 0, pictures: 1 },
    ]) {
      const gradient = new Float32Array(policy.parameters.size);
      const only = { ...config, matching };
      mperGradient(policy, world, only, shard, null, createRng("noise"), gradient);
      expect(gradient.some((value) => value !== 0)).toBe(true);
    }
    world.dispose();
    policy.parameters.dispose();
  });
});

describe("imitation inside a model", () => {
  test("costs an ego next to nothing that does what the human did", () => {
    const world = createForwardModel(settings("separated"), createRng("model"));
    const network = makePolicy();
    const windows = drawFor(world.config);
    const gradient = new Float32Array(network.parameters.size);
    const stateErrorOf = (actionAt: (t: number) => tf.Tensor2D): number => {
      let t = 0;
      const policy: PolicyNetwork = {
        ...network,
        act: (observation) => tf.add(actionAt(t++), tf.mul(network.act(observation), 0)),
      };
      const shard = { windows, first: 0 };
      return mperGradient(policy, world, config, shard, null, createRng("noise"), gradient).states;
    };
    const human = stateErrorOf((t) => tf.tensor2d(recordedActions(windows, world.config, t), [4, 2]));
    const none = stateErrorOf(() => tf.zeros([4, 2]));
    expect(human).toBeLessThan(1e-3);
    expect(none).toBeGreaterThan(20 * human);
    world.dispose();
    network.parameters.dispose();
  });

  test("counts the mean square of what is seen otherwise, over steps, windows, pixels and channels", () => {
    const world = createForwardModel({ ...settings("kinematic"), latent: "none" }, createRng("model"));
    const network = makePolicy();
    const windows = drawFor(world.config);
    const coasting: PolicyNetwork = { ...network, act: (seen) => tf.mul(network.act(seen), 0) };
    const gradient = new Float32Array(network.parameters.size);
    const shard = { windows, first: 0 };
    const { pictures } = mperGradient(coasting, world, config, shard, null, createRng("noise"), gradient);
    const expected = tf.tidy(() => {
      const imagination = world.imagine(windows, horizonSteps, meanNoise(world.config, 4, horizonSteps));
      const { steps } = rollOut(imagination, horizonSteps, () => tf.zeros([4, 2]));
      const seen = steps.flatMap(({ scene }) => Array.from(viewOf(pixelSpecs.laptop, scene).dataSync()));
      const human = windows.futureViews.flatMap((view) => Array.from(view));
      expect(human).toHaveLength(seen.length);
      return seen.reduce((sum, value, i) => sum + (value - human[i]!) ** 2, 0) / seen.length;
    });
    expect(expected).toBeGreaterThan(1e-5);
    expect(pictures / expected).toBeCloseTo(1, 4);
    world.dispose();
    network.parameters.dispose();
  });

  test("knows what humans did at the step at which they did it", () => {
    const model = settings("separated");
    const windows = drawFor(model);
    const states = [windows.states.at(-1)!, ...recordedStates(windows, model, horizonSteps)];
    for (let t = 0; t < horizonSteps; t++) {
      const next = tf.tidy(() =>
        moveEgo(
          tf.tensor2d(states[t]!, [4, 4]),
          tf.tensor2d(recordedActions(windows, model, t), [4, 2]),
          model.stepFrames,
        ).dataSync(),
      );
      next.forEach((value, i) => expect(value).toBeCloseTo(states[t + 1]![i]!, i % 4 < 2 ? 2 : 4));
    }
  });

  test("learns to be where the human was", () => {
    const world = createForwardModel(settings("separated"), createRng("model"));
    const policy = makePolicy();
    const shard = { windows: drawFor(world.config), first: 0 };
    const gradient = new Float32Array(policy.parameters.size);
    const values = policy.parameters.read();
    const adam = createAdam(values.length, { learningRate: 1e-2 });
    const errors = Array.from({ length: 12 }, () => {
      const report = mperGradient(policy, world, config, shard, null, createRng("noise"), gradient);
      adam.step(values, gradient, 1e-2);
      policy.parameters.write(values);
      return report.states;
    });
    expect(errors.at(-1)!).toBeLessThan(0.5 * errors[0]!);
    world.dispose();
    policy.parameters.dispose();
  });

  test("is refused from starts where no human was", () => {
    expect(() =>
      drawPolicyWindows(sampler, settings("separated"), config.training, createRng("windows"), 0, 4, {
        futureSteps: 0,
        futureViews: horizonSteps,
        perturb: true,
      }),
    ).toThrow("expected recorded starts alone");
  });
});

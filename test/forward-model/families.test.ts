import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import {
  createForwardModel,
  disposeNoise,
  drawNoise,
  ForwardModelConfig,
  loadForwardModel,
  encodeForwardModel,
  modelGradient,
  rollOut,
  viewOf,
  warmStart,
} from "../../src/forward-model/index.ts";
import {
  drawPolicyWindows,
  mpurGradient,
  createPolicyNetwork,
  PolicyConfig,
} from "../../src/policy/index.ts";
import { publishedLayers } from "../../src/forward-model/families/published-layers.ts";
import { createPublishedNetwork } from "../../src/forward-model/families/published.ts";
import { advance, pixelSpecs } from "../../src/sim/index.ts";
import { conv, createAdam, dense, transposedConv } from "../../src/tensor/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const small = { stemChannels: 8, hiddenChannels: 16, latentSize: 4, latent: "none" } as const;
const configOf = (over: object) => ForwardModelConfig.parse({ ...small, ...over });
const recording = waveRecording();
const sampler = createWindowSampler(
  [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
  { pastFrames: 4, futureFrames: 20, margin: 36 },
  pixelSpecs.laptop,
);
const policyConfig = PolicyConfig.parse({ channels: [8, 8, 8], hidden: 16, horizonSteps: 4 });
const startOf = (config: ForwardModelConfig, count = 3) =>
  drawPolicyWindows(sampler, config, policyConfig.training, createRng("start"), 0, count, {
    futureSteps: 0,
    perturb: false,
  });

describe.each(["separated", "coupled", "kinematic"] as const)("the %s family", (family) => {
  const config = configOf({ family, latent: "vae" });
  const make = () => createForwardModel(config, createRng("model"));
  const noiseOf = (steps = 4, batch = 3) =>
    drawNoise(config, { batch, steps, dropout: false }, createRng("noise"));

  test("moves the ego as the simulator does, and shows what it sees in pictures between 0 and 1", () => {
    const model = make();
    const start = startOf(config);
    const noise = noiseOf();
    const imagination = model.imagine(start, 4, noise);
    const { states, view } = tf.tidy(() => {
      const act = () => tf.tensor2d([1, 0.005, -2, 0, 0, -0.01], [3, 2]);
      const { steps } = rollOut(imagination, 4, act);
      const { state, scene } = steps.at(-1)!;
      return { states: state.arraySync(), view: viewOf(pixelSpecs.laptop, scene).dataSync() };
    });
    [
      [1, 0.005],
      [-2, 0],
      [0, -0.01],
    ].forEach(([acceleration, steering], b) => {
      const [x, y, heading, speed] = start.states.at(-1)!.slice(4 * b) as unknown as [
        number,
        number,
        number,
        number,
      ];
      const ego = { x, y, heading, speed };
      for (let k = 0; k < 8; k++) advance(ego, { acceleration: acceleration!, steering: steering! }, 0.1);
      [ego.x, ego.y, ego.heading, ego.speed].forEach((value, i) =>
        expect(states[b]![i]).toBeCloseTo(value, 4),
      );
    });
    expect(Math.min(...view)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...view)).toBeLessThanOrEqual(1 + 1e-6);
    disposeNoise(noise);
    model.dispose();
  });

  test("learns: on one batch the error of the picture falls by a fifth, without a leak", () => {
    const model = make();
    const { parameters } = model;
    // A fresh model lets everything go on as it goes, which leaves a kinematic one little to learn: it begins by saying more.
    const heads = parameters.variables["heads"]!;
    tf.tidy(() => heads.assign(tf.mul(heads, 10)));
    const adam = createAdam(parameters.size, { learningRate: 3e-3 });
    const values = parameters.read();
    const gradient = new Float32Array(parameters.size);
    const losses: number[] = [];
    const lesson = model.drawLesson(sampler, 3, createRng("lesson"), 0, 3);
    let tensors = 0;
    for (let update = 0; update < 20; update++) {
      losses.push(modelGradient(model, lesson, noiseOf(3), gradient).image);
      adam.step(values, gradient);
      parameters.write(values);
      if (update === 0) tensors = tf.memory().numTensors;
    }
    expect(tf.memory().numTensors).toBe(tensors);
    expect(losses.at(-1)!).toBeLessThan(0.8 * losses[0]!);
    model.dispose();
  });

  test("trains a policy by MPUR without a leak, leaving the model alone", () => {
    const model = make();
    const windows = startOf(config, 4);
    const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
    const policy = createPolicyNetwork(policyConfig, view, createRng("policy"));
    const gradient = new Float32Array(policy.parameters.size);
    const calibration = { cost: { mean: [0, 0, 0, 0], deviation: [1e-9, 1e-9, 1e-9, 1e-9] } };
    const before = model.parameters.read();
    const step = () =>
      mpurGradient(policy, model, policyConfig, { windows, first: 0 }, calibration, createRng("n"), gradient);
    const report = step();
    const tensors = tf.memory().numTensors;
    step();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(model.parameters.read()).toEqual(before);
    expect(report.uncertainty).toBeGreaterThan(0);
    expect(Number.isFinite(report.total)).toBe(true);
    expect(gradient.some((value) => value !== 0)).toBe(true);
    policy.parameters.dispose();
    model.dispose();
  });

  test("comes back from its file, and is where one with a latent begins", () => {
    const model = createForwardModel(configOf({ family }), createRng("teacher"));
    const copy = loadForwardModel(encodeForwardModel(model), "copy");
    expect(copy.config.family).toBe(family);
    const student = make();
    warmStart(student, copy, "copy");
    const name = "stem";
    expect(student.parameters.variables[name]!.dataSync()).toEqual(
      model.parameters.variables[name]!.dataSync(),
    );
    const other = createForwardModel(
      configOf({ family: family === "coupled" ? "kinematic" : "coupled" }),
      createRng("other"),
    );
    expect(() => warmStart(other, copy, "c.headway")).toThrow("c.headway: expected a model with family");
    for (const one of [model, copy, student, other]) one.dispose();
  });
});

describe("the published network", () => {
  const published = {
    family: "coupled",
    network: "published",
    pixels: "paper",
    latentPer: "view",
    stepFrames: 1,
    contextFrames: 20,
  };

  test.each([
    ["none", 11_784_839],
    ["vae", 15_633_543],
  ] as const)("has the paper's number of parameters with latent %s", (latent, count) => {
    const model = createForwardModel(configOf({ ...published, latent, latentSize: 32 }), createRng("model"));
    expect(model.parameters.size).toBe(count);
    model.dispose();
  });

  test("is refused on another grid", () => {
    expect(() => createForwardModel(configOf({ ...published, pixels: "laptop" }), createRng(1))).toThrow(
      "expected the coupled family and the paper's grid",
    );
  });

  test("is refused a latent per cell, for its maps have none", () => {
    expect(() =>
      createForwardModel(configOf({ ...published, latent: "vae", latentPer: "cell" }), createRng(1)),
    ).toThrow("forwardModel.latentPer: expected view in the published network");
  });

  test("has a bottleneck that passes nothing on, so what comes before it does not learn", () => {
    const config = configOf({ ...published, latent: "none", contextFrames: 2 });
    const network = createPublishedNetwork(config, createRng("model"));
    const v = network.parameters.variables;
    const { convolutions, transposed } = publishedLayers(config, null);
    const apply = (x: tf.Tensor4D, name: string) =>
      name in convolutions
        ? conv(x, v[name]!, v[`${name}Bias`]!, convolutions[name]![1])
        : transposedConv(x, v[name]!, v[`${name}Bias`]!, transposed[name]![1]);
    const connect = (x: tf.Tensor2D, name: string, slope: number) =>
      dense(x, v[name]!, v[`${name}Bias`]!, { slope });
    const layerByLayer = (h: tf.Tensor4D) => {
      const narrowed = tf.reshape<tf.Rank.R2>(apply(apply(h, "narrow1"), "narrow2"), [2, -1]);
      const back = connect(connect(narrowed, "narrow3", 0.2), "narrow4", 1);
      return apply(apply(tf.reshape(back, [2, 3, 2, 256]), "narrow5"), "narrow6");
    };
    tf.tidy(() => {
      const narrowBiases = Object.keys(v).filter((name) => /^narrow.*Bias$/.test(name));
      for (const name of narrowBiases) v[name]!.assign(tf.fill(v[name]!.shape, 0.1));
      const picture = tf.zeros<tf.Rank.R4>([2, 117, 24, 3]);
      const once = network.begin([picture], [], null);
      for (const value of [0, 3]) {
        expect(layerByLayer(tf.fill([2, 14, 3, 256], value)).dataSync()).toEqual(once.dataSync());
      }
      const names = Object.keys(v).filter((name) => name.startsWith("narrow"));
      const { grads } = tf.variableGrads(
        () => tf.sum(layerByLayer(tf.ones([2, 14, 3, 256]))),
        names.map((name) => v[name]!),
      );
      const learns = names.filter((name) => grads[v[name]!.name]!.dataSync().some((value) => value !== 0));
      expect(learns.sort()).toEqual(["narrow5Bias", "narrow6", "narrow6Bias"]);
    });
    network.parameters.dispose();
  });

  // Twelve million parameters take their time on a busy machine.
  test("learns, and its ego state reacts to the action", () => {
    const config = configOf({ ...published, latent: "none", contextFrames: 2 });
    const model = createForwardModel(config, createRng("model"));
    const lesson = model.drawLesson(sampler, 2, createRng("lesson"), 0, 2);
    const { parameters } = model;
    // Steps so short that the loss has to fall.
    const adam = createAdam(parameters.size, { learningRate: 1e-5 });
    const values = parameters.read();
    const gradient = new Float32Array(parameters.size);
    const noiseOf = (dropout: boolean) =>
      drawNoise(config, { batch: 2, steps: 2, dropout }, createRng("noise"));
    const totals: number[] = [];
    for (let update = 0; update < 2; update++) {
      const report = modelGradient(model, lesson, noiseOf(true), gradient);
      totals.push(report.total);
      expect(report.state).toBeGreaterThan(0);
      adam.step(values, gradient);
      parameters.write(values);
    }
    expect(totals.at(-1)!).toBeLessThan(totals[0]!);
    const start = drawPolicyWindows(sampler, config, policyConfig.training, createRng("start"), 0, 2, {
      futureSteps: 0,
      perturb: false,
    });
    const noise = noiseOf(false);
    const imagination = model.imagine(start, 2, noise);
    const response = tf.tidy(() =>
      tf
        .grad((action) => tf.sum(rollOut(imagination, 1, () => action as tf.Tensor2D).steps[0]!.state))(
          tf.zeros([2, 2]),
        )
        .dataSync(),
    );
    expect(response.every((value) => value !== 0)).toBe(true);
    disposeNoise(noise);
    model.dispose();
  }, 120_000);
});

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import { varianceOfReplicas } from "../../src/examination/index.ts";
import {
  createForwardModel,
  disposeNoise,
  ForwardModelConfig,
  rollOut,
  viewOf,
} from "../../src/forward-model/index.ts";
import {
  calibrateUncertainty,
  checkMethod,
  createPolicyNetwork,
  drawPolicyWindows,
  egoStateScales,
  mpurGradient,
  PolicyConfig,
  policyMethods,
  replicateNoise,
  replicateStart,
  variancesOf,
  worldCosts,
  type DoubtName,
} from "../../src/policy/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const horizonSteps = 4;
const spec = pixelSpecs.laptop;
const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
const recording = waveRecording();
const sampler = createWindowSampler(
  [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
  { pastFrames: 4, futureFrames: 2 * horizonSteps, margin: 36 },
  spec,
);
const configOf = (over: object = {}) =>
  PolicyConfig.parse({
    channels: [8, 8, 8],
    hidden: 16,
    horizonSteps,
    uncertainty: { everyWindow: 1, ...over },
  });
const modelOf = (family: "separated" | "coupled" | "kinematic") =>
  createForwardModel(
    ForwardModelConfig.parse({ family, stemChannels: 4, hiddenChannels: 8, latentSize: 2 }),
    createRng("model"),
  );
const draw = (model: ReturnType<typeof modelOf>, count: number) =>
  drawPolicyWindows(sampler, model.config, configOf().training, createRng("windows"), 0, count, {
    futureSteps: 0,
    perturb: false,
  });

describe.each(["separated", "coupled", "kinematic"] as const)("doubt in a %s model", (family) => {
  test("about views and costs is the plain variance over replicas, a mean over the numbers of a window", () => {
    const model = modelOf(family);
    const windows = draw(model, 2);
    const replication = { count: 2, doubted: [0, 1], masks: 3 };
    const start = replicateStart(windows, replication);
    const noise = replicateNoise(model.config, replication, horizonSteps, createRng("noise"), 0);
    const of: DoubtName[] = ["image", "state", "cost"];
    const config = configOf({ of });
    const imagination = model.imagine(start, horizonSteps, noise);
    const { found, expected } = tf.tidy(() => {
      const act = () => tf.tile(tf.tensor2d([1, 0.004, -2, -0.004], [2, 2]), [4, 1]);
      const { steps } = rollOut(imagination, horizonSteps, act);
      const costs = worldCosts(spec, start, steps);
      const variances = variancesOf(spec, steps, costs, config, replication);
      const { proximity, lane, offroad } = config.weights;
      const price = tf
        .addN([tf.mul(costs.proximity, proximity), tf.mul(costs.lane, lane), tf.mul(costs.offroad, offroad)])
        .dataSync();
      const plain = (values: (t: number) => Float32Array, scales?: readonly number[]) =>
        steps.flatMap((_, t) => Array.from(varianceOfReplicas(values(t), 2, 3, scales)));
      const floats = (x: tf.Tensor) => x.dataSync() as Float32Array;
      return {
        found: of.map((name) => Array.from(variances[name]!.dataSync())),
        expected: [
          plain((t) => floats(viewOf(spec, steps[t]!.scene))),
          plain((t) => floats(steps[t]!.state), egoStateScales),
          plain((t) => Float32Array.from(price.slice(t * 8, (t + 1) * 8))),
        ],
      };
    });
    expected.forEach((values, i) =>
      values.forEach((value, n) => expect(found[i]![n]!).toBeCloseTo(value, 6)),
    );
    expect(Math.max(...found[0]!)).toBeGreaterThan(1e-8);
    disposeNoise(noise);
    model.dispose();
  });

  test("is paid for as asked, each kind with a gradient of its own and without a leak", () => {
    const model = modelOf(family);
    const windows = draw(model, 2);
    const gradients = (["image", "cost"] as const).map((name) => {
      const base = configOf({ of: [name], hinge: -1 });
      const none = { proximity: 0, lane: 0, offroad: 0, action: 0, jerk: 0, human: 0 };
      const config = { ...base, weights: { ...base.weights, uncertainty: 1 } };
      const usual = calibrateUncertainty(model, config, [draw(model, 2)], createRng("usual"));
      expect(Object.keys(usual)).toEqual([name]);
      const policy = createPolicyNetwork(config, view, createRng("policy"));
      const gradient = new Float32Array(policy.parameters.size);
      const step = () =>
        mpurGradient(
          policy,
          model,
          name === "image" ? { ...config, weights: { ...config.weights, ...none } } : config,
          { windows, first: 0 },
          usual,
          createRng("noise"),
          gradient,
        );
      const report = step();
      const tensors = tf.memory().numTensors;
      expect(step()).toEqual(report);
      expect(tf.memory().numTensors).toBe(tensors);
      expect(Number.isFinite(report.total)).toBe(true);
      policy.parameters.dispose();
      return gradient.slice();
    });
    for (const gradient of gradients) expect(gradient.some((value) => value !== 0)).toBe(true);
    expect(gradients[0]).not.toEqual(gradients[1]);
    model.dispose();
  });

  test("about ego states is refused, for the kinematics leave none", () => {
    const model = modelOf(family);
    const config = configOf({ of: ["cost", "state"] });
    expect(() => checkMethod(policyMethods.mpur, config, model.config)).toThrow(
      "policy.uncertainty.of: expected no state in a model whose ego states come from the kinematics and so never vary, got cost, state.",
    );
    checkMethod(policyMethods.svg, config, model.config);
    model.dispose();
  });
});

test("doubt about ego states is paid for where a network predicts them", () => {
  const published = ForwardModelConfig.parse({
    family: "coupled",
    network: "published",
    pixels: "paper",
    stepFrames: 1,
    contextFrames: 2,
    latent: "none",
  });
  const model = createForwardModel(published, createRng("model"));
  const config = { ...configOf({ of: ["state"], masks: 2 }), horizonSteps: 1 };
  checkMethod(policyMethods.mpur, config, published);
  const wide = createWindowSampler(
    [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
    { pastFrames: 1, futureFrames: 1, margin: 36 },
    pixelSpecs.paper,
  );
  const windows = drawPolicyWindows(wide, published, config.training, createRng("windows"), 0, 1, {
    futureSteps: 0,
    perturb: false,
  });
  const { state } = calibrateUncertainty(model, config, [windows], createRng("usual"));
  expect(state!.mean[0]).toBeGreaterThan(1e-9);
  model.dispose();
});

describe("what is usual", () => {
  test("is measured for each step, or once for all of them", () => {
    const model = modelOf("kinematic");
    const [byStep, once] = (["step", "rollout"] as const).map(
      (normalization) =>
        calibrateUncertainty(model, configOf({ normalization }), [draw(model, 4)], createRng("usual")).cost!,
    );
    const { mean, deviation } = byStep!;
    expect(new Set(mean).size).toBe(horizonSteps);
    const overall = mean.reduce((sum, value) => sum + value, 0) / horizonSteps;
    const squares = mean.reduce((sum, value, t) => sum + value ** 2 + deviation[t]! ** 2, 0) / horizonSteps;
    once!.mean.forEach((value) => expect(value).toBeCloseTo(overall, 9));
    once!.deviation.forEach((value) => expect(value).toBeCloseTo(Math.sqrt(squares - overall ** 2), 9));
    model.dispose();
  });

  test("counts each variance once", () => {
    expect(() => configOf({ of: ["cost", "cost"] })).toThrow("expected each variance once");
    expect(() => configOf({ of: [] })).toThrow();
  });
});

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import { createForwardModel, ForwardModelConfig } from "../../src/forward-model/index.ts";
import {
  checkMethod,
  createPolicyNetwork,
  distillGradient,
  drawPolicyWindows,
  PolicyConfig,
  policyMethods,
  windowOptions,
} from "../../src/policy/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import { createAdam } from "../../src/tensor/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const horizonSteps = 4;
const configOf = (over: object = {}) =>
  PolicyConfig.parse({
    channels: [8, 8, 8],
    hidden: 16,
    horizonSteps,
    distillation: { samples: 2, iterations: 6, learningRate: 0.05, steps: 3 },
    ...over,
  });
const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
const recording = waveRecording();
const sampler = createWindowSampler(
  [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
  { pastFrames: 4, futureFrames: 2 * horizonSteps, margin: 36 },
  pixelSpecs.laptop,
);
const calibration = {
  cost: {
    mean: Array.from({ length: horizonSteps }, () => 0),
    deviation: Array.from({ length: horizonSteps }, () => 1e-3),
  },
};
/** With a loud last layer: what a fresh coupled model makes of actions would be too little to plan by. */
const modelOf = (family: ForwardModelConfig["family"]) => {
  const model = createForwardModel(
    ForwardModelConfig.parse({ family, stemChannels: 4, hiddenChannels: 8, latentSize: 2 }),
    createRng("model"),
  );
  const heads = model.parameters.variables["heads"]!;
  tf.tidy(() => heads.assign(tf.mul(heads, family === "coupled" ? 30 : 1)));
  return model;
};
const draw = (model: ForwardModelConfig, config: PolicyConfig, first: number, count: number) => ({
  windows: drawPolicyWindows(
    sampler,
    model,
    config.training,
    createRng("windows"),
    first,
    count,
    windowOptions(policyMethods.distill, config),
  ),
  first,
});

describe.each(["separated", "coupled", "kinematic"] as const)(
  "a policy distilled in a %s model",
  (family) => {
    test("is shown plans that cost less than what it would do, and leaves the model alone", () => {
      const model = modelOf(family);
      const config = configOf();
      const policy = createPolicyNetwork(config, view, createRng("policy"));
      const shard = draw(model.config, config, 0, 3);
      const gradient = new Float32Array(policy.parameters.size);
      const before = model.parameters.read();
      const step = () =>
        distillGradient(policy, model, config, shard, calibration, createRng("noise"), gradient);
      const report = step();
      const tensors = tf.memory().numTensors;
      expect(step()).toEqual(report);
      expect(tf.memory().numTensors).toBe(tensors);
      expect(model.parameters.read()).toEqual(before);
      expect(report.planned).toBeLessThan(report.driven);
      expect(report.total).toBeCloseTo(report.acceleration + report.steering, 5);
      expect(gradient.some((value) => value !== 0)).toBe(true);
      model.dispose();
      policy.parameters.dispose();
    });
  },
);

describe("distillation", () => {
  test("makes the policy drive as its plans do: what it would do comes to cost less", () => {
    const model = modelOf("separated");
    const config = configOf({
      weights: { uncertainty: 0 },
      distillation: { samples: 1, weights: { jerk: 0.01 } },
    });
    const policy = createPolicyNetwork(config, view, createRng("policy"));
    const shard = draw(model.config, config, 0, 4);
    const gradient = new Float32Array(policy.parameters.size);
    const adam = createAdam(policy.parameters.size, { learningRate: 3e-3 });
    const values = policy.parameters.read();
    const costs: number[] = [];
    for (let update = 0; update < 30; update++) {
      const report = distillGradient(policy, model, config, shard, null, createRng("noise"), gradient);
      costs.push(report.driven);
      adam.step(values, gradient);
      policy.parameters.write(values);
    }
    expect(costs.at(-1)!).toBeLessThan(0.9 * costs[0]!);
    model.dispose();
    policy.parameters.dispose();
  });

  test("does not depend on who computes which windows", () => {
    const model = modelOf("separated");
    const config = configOf();
    const policy = createPolicyNetwork(config, view, createRng("policy"));
    const of = (first: number, count: number) => {
      const gradient = new Float32Array(policy.parameters.size);
      const shard = draw(model.config, config, first, count);
      const report = distillGradient(policy, model, config, shard, calibration, createRng("noise"), gradient);
      return { report, gradient };
    };
    const [whole, one, other] = [of(0, 4), of(0, 2), of(2, 2)];
    expect((one.report.planned + other.report.planned) / 2).toBeCloseTo(whole.report.planned, 4);
    const found = one.gradient.map((value, i) => (value + other.gradient[i]!) / 2);
    const apart = found.filter((value, i) => Math.abs(value - whole.gradient[i]!) > 1e-3);
    expect(apart).toHaveLength(0);
    model.dispose();
    policy.parameters.dispose();
  });

  test("teaches a mixture as well, by how much the plan surprises it", () => {
    const model = modelOf("separated");
    const config = configOf({ head: "mixture", components: 2 });
    const policy = createPolicyNetwork(config, view, createRng("policy"));
    const gradient = new Float32Array(policy.parameters.size);
    const shard = draw(model.config, config, 0, 2);
    const report = distillGradient(policy, model, config, shard, null, createRng("noise"), gradient);
    expect(report.total).toBe(report.surprise);
    expect(gradient.some((value) => value !== 0)).toBe(true);
    model.dispose();
    policy.parameters.dispose();
  });

  test("pays for doubt by the weight of plans, whatever it is worth to policies", () => {
    const model = ForwardModelConfig.parse({});
    const pays = (weights: { readonly plans: number; readonly policies: number }) =>
      configOf({
        weights: { uncertainty: weights.policies },
        uncertainty: { of: ["state"] },
        distillation: { weights: { uncertainty: weights.plans } },
      });
    expect(policyMethods.distill.doubtWeight(pays({ plans: 0.1, policies: 0 }))).toBe(0.1);
    expect(() => checkMethod(policyMethods.distill, pays({ plans: 0.1, policies: 0 }), model)).toThrow(
      "policy.uncertainty.of: expected no state",
    );
    checkMethod(policyMethods.distill, pays({ plans: 0, policies: 0.1 }), model);
  });

  test("cannot learn more steps than a plan has", () => {
    const model = ForwardModelConfig.parse({});
    expect(() => checkMethod(policyMethods.distill, configOf({ distillation: { steps: 5 } }), model)).toThrow(
      "policy.distillation.steps: expected at most the 4 steps of a plan, got 5.",
    );
  });
});

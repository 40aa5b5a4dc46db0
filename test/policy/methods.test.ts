import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import { createForwardModel, ForwardModelConfig } from "../../src/forward-model/index.ts";
import {
  calibrateUncertainty,
  createPolicyNetwork,
  drawPolicyWindows,
  mpurGradient,
  PolicyConfig,
  policyMethods,
  svgGradient,
  vgGradient,
} from "../../src/policy/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const modelConfig = ForwardModelConfig.parse({ stemChannels: 4, hiddenChannels: 8, latentSize: 4 });
const config = PolicyConfig.parse({ channels: [8, 8, 8], hidden: 16, horizonSteps: 5 });
const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
const calibration = { cost: { mean: [0, 0, 0, 0, 0], deviation: [1e-9, 1e-9, 1e-9, 1e-9, 1e-9] } };
const recording = waveRecording();
const sampler = createWindowSampler(
  [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
  { pastFrames: 4, futureFrames: 10, margin: 36 },
  pixelSpecs.laptop,
);
const draw = (count: number, futureSteps: number, perturb = false) =>
  drawPolicyWindows(sampler, modelConfig, config.training, createRng("windows"), 0, count, {
    futureSteps,
    perturb,
  });
const model = () => createForwardModel(modelConfig, createRng("model"));
const makePolicy = () => createPolicyNetwork(config, view, createRng("policy"));

describe("a policy step", () => {
  test("of SVG is that of MPUR without uncertainty, and that of VG needs no dice", () => {
    const world = model();
    const policy = makePolicy();
    const windows = draw(4, 0, true);
    const gradient = new Float32Array(policy.parameters.size);
    const shard = { windows, first: 0 };
    const svg = (seed: string) => svgGradient(policy, world, config, shard, createRng(seed), gradient);
    const {
      uncertainty: _,
      total,
      ...paid
    } = mpurGradient(
      policy,
      world,
      { ...config, weights: { ...config.weights, uncertainty: 0 } },
      shard,
      calibration,
      createRng("noise"),
      gradient,
    );
    const without = svg("noise");
    expect(without.uncertainty).toBe(0);
    expect(without.total).toBeCloseTo(total, 5);
    for (const [name, value] of Object.entries(paid)) {
      expect(without[name as keyof typeof paid]).toBeCloseTo(value, 5);
    }
    expect(svg("other").proximity).not.toBe(without.proximity);
    const tensors = tf.memory().numTensors;
    const vg = vgGradient(policy, world, config, windows, gradient);
    expect(vg.uncertainty).toBe(0);
    expect(gradient.some((value) => value !== 0)).toBe(true);
    expect(tf.memory().numTensors).toBe(tensors);
    world.dispose();
    policy.parameters.dispose();
  });

  /** Doubt so strict that all of it is paid for, in windows `first` … of a batch of `batchSize`. */
  const inDoubt = (everyWindow: number, batchSize: number) => {
    const world = model();
    const policy = makePolicy();
    const every = {
      ...config,
      uncertainty: { ...config.uncertainty, everyWindow },
      training: { ...config.training, batchSize },
    };
    return {
      of(first: number, count: number) {
        const gradient = new Float32Array(policy.parameters.size);
        const windows = drawPolicyWindows(
          sampler,
          modelConfig,
          config.training,
          createRng("windows"),
          first,
          count,
          { futureSteps: 0, perturb: true },
        );
        const none = calibration.cost.mean.map(() => 0);
        const usual = { cost: { mean: none, deviation: none.map(() => 1e-8) } };
        const shard = { windows, first };
        const report = mpurGradient(policy, world, every, shard, usual, createRng("noise"), gradient);
        return { report, gradient };
      },
      dispose() {
        world.dispose();
        policy.parameters.dispose();
      },
    };
  };

  test.each([1, 3])("of MPUR can be taken in parts, one in %i windows doubted", (everyWindow) => {
    const count = 2 * everyWindow;
    const { of, dispose } = inDoubt(everyWindow, count);
    const whole = of(0, count);
    const parts = Array.from({ length: count }, (_, b) => of(b, 1));
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / count;
    expect(whole.report.uncertainty).toBeGreaterThan(1);
    for (const name of ["total", "uncertainty"] as const) {
      const ofParts = mean(parts.map(({ report }) => report[name]));
      expect(ofParts / whole.report[name]).toBeCloseTo(1, 4);
    }
    const found = whole.gradient.map((_, i) => mean(parts.map(({ gradient }) => gradient[i]!)));
    const apart = found.filter(
      (value, i) => Math.abs(value - whole.gradient[i]!) > 1e-4 + 1e-3 * Math.abs(value),
    );
    expect(apart).toHaveLength(0);
    dispose();
  });

  test("of MPUR pays the mean over doubted windows, also where the last ones stand for fewer", () => {
    const some = inDoubt(3, 4);
    const all = inDoubt(1, 4);
    const [first, last] = [0, 3].map((b) => all.of(b, 1).report.uncertainty);
    expect(some.of(0, 4).report.uncertainty / ((first! + last!) / 2)).toBeCloseTo(1, 4);
    some.dispose();
    all.dispose();
  });

  test.each(["summed", "close", "max", "log-sum-exp"] as const)(
    "of MPUR stays finite without weight on proximity, in its %s form",
    (proximity) => {
      const world = model();
      const policy = makePolicy();
      const windows = draw(2, 0, true);
      const gradient = new Float32Array(policy.parameters.size);
      for (const lane of [0, 1]) {
        const weights = { ...config.weights, proximity: 0, lane, offroad: 0, progress: 1 };
        const without = { ...config, proximity, weights };
        const usual = calibrateUncertainty(world, without, [draw(2, 0)], createRng("noise"));
        const shard = { windows, first: 0 };
        const report = mpurGradient(policy, world, without, shard, usual, createRng("noise"), gradient);
        for (const value of [...Object.values(report), ...gradient])
          expect(Number.isFinite(value)).toBe(true);
        expect(report.progress).toBeGreaterThan(0);
      }
      world.dispose();
      policy.parameters.dispose();
    },
  );

  test("of VG is refused in a model whose latents have no middle", () => {
    expect(() => policyMethods.vg.check(config, { ...modelConfig, latent: "een" })).toThrow(
      "expected a model with latent none, vae, vae-learned or noisy, got een",
    );
    for (const latent of ["none", "vae", "vae-learned", "noisy"] as const) {
      policyMethods.vg.check(config, { ...modelConfig, latent });
    }
  });
});

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import { createForwardModel, ForwardModelConfig } from "../../src/forward-model/index.ts";
import {
  createHead,
  createPolicyNetwork,
  drawPolicyWindows,
  encodePolicy,
  imitationGradient,
  loadPolicy,
  PolicyConfig,
  policyMethods,
  svgGradient,
  vgGradient,
  type Observation,
} from "../../src/policy/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import { createAdam, valueAndGradient } from "../../src/tensor/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const configOf = (head: "deterministic" | "gaussian" | "mixture") =>
  PolicyConfig.parse({ channels: [4, 4, 4], hidden: 8, horizonSteps: 3, head, components: 3 });
const model = ForwardModelConfig.parse({ stemChannels: 4, hiddenChannels: 8, latentSize: 2 });
const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
const recording = waveRecording();
const sampler = createWindowSampler(
  [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
  { pastFrames: 4, futureFrames: 6, margin: 36 },
  pixelSpecs.laptop,
);
const draw = (count: number, drawnSteps: number, first = 0) =>
  drawPolicyWindows(sampler, model, configOf("gaussian").training, createRng("windows"), first, count, {
    futureSteps: 0,
    drawnSteps,
    perturb: false,
  });

/** Density of one pair under a weighted sum of normals, by the book. */
function density(out: readonly number[], K: number, [x, y]: readonly [number, number]): number {
  const logits = K === 1 ? [0] : out.slice(0, K);
  const rest = K === 1 ? out : out.slice(K);
  const all = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  const normal = (value: number, mean: number, column: number): number => {
    const deviation = Math.exp(Math.min(0.5, Math.max(-4, column - 1.5)));
    return Math.exp(-0.5 * ((value - mean) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI));
  };
  return logits.reduce(
    (sum, logit, k) =>
      sum +
      (Math.exp(logit) / all) *
        normal(x, rest[2 * k]!, rest[2 * K + 2 * k]!) *
        normal(y, rest[2 * k + 1]!, rest[2 * K + 2 * k + 1]!),
    0,
  );
}

describe("the last layer of a policy", () => {
  test.each([
    ["gaussian", 1],
    ["mixture", 3],
  ] as const)("as a %s has the density of the book", (name, K) => {
    const head = createHead(configOf(name));
    const rng = createRng("head");
    const outs = Array.from({ length: 5 }, () => Array.from({ length: head.columns }, () => rng.normal()));
    const pairs = outs.map((): [number, number] => [0.3 * rng.normal(), 0.3 * rng.normal()]);
    const values = tf.tidy(() => head.logDensity!(tf.tensor2d(outs), tf.tensor2d(pairs)).dataSync());
    outs.forEach((out, b) => expect(Math.exp(values[b]!)).toBeCloseTo(density(out, K, pairs[b]!), 5));
  });

  test("as a mixture acts by its heaviest component", () => {
    const head = createHead(configOf("mixture"));
    const out = [0, 2, 1, /* means */ 1, 2, 3, 4, 5, 6, /* deviations */ 0, 0, 0, 0, 0, 0];
    expect(Array.from(tf.tidy(() => head.mode(tf.tensor2d([out])).dataSync()))).toEqual([3, 4]);
    expect(head.draw).toBeNull();
  });

  test("as a gaussian moves with its noise, and not without", () => {
    const head = createHead(configOf("gaussian"));
    const values = tf.tidy(() => {
      const out = tf.tensor2d([[0.1, 0.2, 1.5, 1.5]]);
      const at = (noise: number[]) => Array.from(head.draw!(out, tf.tensor2d([noise])).dataSync());
      return { mean: Array.from(head.mode(out).dataSync()), zero: at([0, 0]), one: at([1, -1]) };
    });
    expect(values.zero).toEqual(values.mean);
    expect(values.one[0]! - values.mean[0]!).toBeCloseTo(1, 5);
    expect(values.one[1]! - values.mean[1]!).toBeCloseTo(-1, 5);
  });
});

describe("a policy that is a distribution", () => {
  test("draws the same actions whoever computes a window", () => {
    const whole = draw(4, 3);
    const half = draw(2, 3, 2);
    expect(whole.actionNoise).toHaveLength(3);
    whole.actionNoise.forEach((row, t) => expect(half.actionNoise[t]!).toEqual(row.slice(4)));
  });

  test("learns through its draws in a model, the noise being an input", () => {
    const world = createForwardModel(model, createRng("model"));
    const policy = createPolicyNetwork(configOf("gaussian"), view, createRng("policy"));
    const gradient = new Float32Array(policy.parameters.size);
    const still = { ...draw(3, 0) };
    const moved = draw(3, 3);
    const cost = (windows: typeof still) =>
      vgGradient(policy, world, configOf("gaussian"), windows, gradient).action;
    const likely = cost(still);
    const drawn = cost(moved);
    expect(cost(moved)).toBe(drawn);
    expect(drawn).toBeGreaterThan(2 * likely);
    // Deviations, the last columns of the last layer, pay for how far the draws stray.
    expect(gradient.slice(-2).some((value) => value !== 0)).toBe(true);
    const tensors = tf.memory().numTensors;
    svgGradient(policy, world, configOf("gaussian"), { windows: moved, first: 0 }, createRng(1), gradient);
    expect(tf.memory().numTensors).toBe(tensors);
    world.dispose();
    policy.parameters.dispose();
  });

  test("as a mixture is learned by imitation alone, and says so", () => {
    for (const name of ["mpur", "svg", "vg", "mper", "log-replay"] as const) {
      expect(() => policyMethods[name].check(configOf("mixture"), model)).toThrow(
        "expected deterministic or gaussian",
      );
    }
    expect(policyMethods.imitation.check).not.toThrow();
  });

  test.each(["gaussian", "mixture"] as const)("as a %s is less and less surprised by humans", (head) => {
    const policy = createPolicyNetwork(configOf(head), view, createRng("policy"));
    const windows = draw(6, 0);
    const gradient = new Float32Array(policy.parameters.size);
    const values = policy.parameters.read();
    const adam = createAdam(values.length, { learningRate: 1e-2 });
    const surprises = Array.from({ length: 15 }, () => {
      const report = imitationGradient(policy, model, windows, gradient);
      expect(report.total).toBeCloseTo(report.surprise, 6);
      adam.step(values, gradient, 1e-2);
      policy.parameters.write(values);
      return report.surprise;
    });
    expect(surprises.at(-1)!).toBeLessThan(surprises[0]! - 0.3);
    const tensors = tf.memory().numTensors;
    imitationGradient(policy, model, windows, gradient);
    expect(tf.memory().numTensors).toBe(tensors);
    policy.parameters.dispose();
  });

  test("as a mixture can mean to pass left or right, where a mean would hit what is between", () => {
    const config = configOf("mixture");
    const policy = createPolicyNetwork(config, view, createRng("policy"));
    const { height, width } = pixelSpecs.laptop;
    const observation = (): Observation => ({
      views: tf.zeros([2, height, width, 10]),
      motion: tf.tensor2d([10, 0, 10, 0, 10, 0, 10, 0, 10, 0, 10, 0], [2, 6]),
    });
    const values = policy.parameters.read();
    const gradient = new Float32Array(values.length);
    const adam = createAdam(values.length, { learningRate: 2e-2 });
    for (let update = 0; update < 150; update++) {
      valueAndGradient(
        () => {
          const both = tf.tensor2d([
            [0, 0.008],
            [0, -0.008],
          ]);
          return tf.neg(tf.mean(policy.logDensity!(observation(), both))) as tf.Scalar;
        },
        policy.parameters,
        gradient,
      );
      adam.step(values, gradient, 2e-2);
      policy.parameters.write(values);
    }
    const steering = tf.tidy(() => policy.act(observation()).dataSync()[1]!);
    expect(Math.abs(steering)).toBeCloseTo(0.008, 3);
    policy.parameters.dispose();
  });

  test("keeps its head in its file", () => {
    const config = configOf("mixture");
    const network = createPolicyNetwork(config, view, createRng("policy"));
    const copy = loadPolicy(
      encodePolicy({ name: "imitation", config, view, network, calibration: null }),
      "p.headway",
    );
    expect(copy.config.head).toBe("mixture");
    expect(copy.network.parameters.read()).toEqual(network.parameters.read());
    network.parameters.dispose();
    copy.network.parameters.dispose();
  });
});

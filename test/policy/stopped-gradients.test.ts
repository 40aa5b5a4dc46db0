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
  type Observed,
} from "../../src/forward-model/index.ts";
import {
  accelerationsOf,
  actionCost,
  drawPolicyWindows,
  jerkCost,
  PolicyConfig,
  replicateTensor,
  worldCosts,
} from "../../src/policy/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const spec = pixelSpecs.laptop;
const rng = createRng("stopped");
const recording = waveRecording();

/** Gradient of what `of` makes of `x`; zeros where nothing leads there, which tensors alone would refuse to say. */
const gradientBy = (x: tf.Tensor2D, of: (x: tf.Tensor2D) => tf.Tensor): number[] =>
  tf.tidy(() => {
    const joined = (at: tf.Tensor): tf.Tensor => tf.add(tf.sum(of(at as tf.Tensor2D)), tf.mul(tf.sum(at), 0));
    return Array.from(tf.grad(joined)(x).dataSync());
  });
const zeros = (values: readonly number[]): number => values.filter((value) => value === 0).length;

describe("no gradient flows", () => {
  test.each(["proximity", "lane", "offroad"] as const)(
    "through the speed of who pays for %s: slower must not be cheaper as such",
    (name) => {
      const pixels = tf.tensor4d(
        Float32Array.from({ length: spec.height * spec.width * 3 }, () => rng.uniform()),
        [1, spec.height, spec.width, 3],
      );
      const sizes = { length: Float32Array.of(4.5), width: Float32Array.of(1.9) };
      const cost = (state: tf.Tensor2D): tf.Tensor =>
        worldCosts(spec, sizes, [{ state, scene: { pixels, pose: null } }])[name];
      const state = tf.tensor2d([[0, 0, 0, 12]]);
      expect(tf.tidy(() => cost(state).dataSync()[0])).toBeGreaterThan(0);
      expect(gradientBy(state, cost)).toEqual([0, 0, 0, 0]);
    },
  );

  test("through speed into the comfort of steering: slowing down must not be a way to steer gently", () => {
    const action = tf.tensor2d([[1, 0.01]]);
    const state = tf.tensor2d([[0, 0, 0, 12]]);
    const costs = (state: tf.Tensor2D, action: tf.Tensor2D): tf.Tensor => {
      const way = accelerationsOf({ states: [state, state], actions: [action, tf.mul(action, 2)] });
      return tf.add(tf.sum(actionCost(way)), tf.sum(jerkCost(way, 0.2)));
    };
    expect(zeros(gradientBy(state, (x) => costs(x, action)))).toBe(4);
    expect(zeros(gradientBy(action, (x) => costs(state, x)))).toBe(0);
  });

  test.each([
    { family: "separated", flows: false },
    { family: "coupled", flows: true },
    { family: "kinematic", flows: true },
  ] as const)(
    "through what is seen, unless pictures go along with the ego ($family)",
    ({ family, flows }) => {
      const config = ForwardModelConfig.parse({
        family,
        stemChannels: 4,
        hiddenChannels: 8,
        latentSize: 2,
      });
      const sampler = createWindowSampler(
        [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
        { pastFrames: 4, futureFrames: 4, margin: 36 },
        spec,
      );
      const { training } = PolicyConfig.parse({});
      const windows = drawPolicyWindows(sampler, config, training, createRng("windows"), 0, 2, {
        futureSteps: 0,
        perturb: false,
      });
      const model = createForwardModel(config, createRng("model"));
      const { variables } = model.parameters;
      if (flows) tf.tidy(() => variables["heads"]!.assign(tf.mul(variables["heads"]!, 300)));
      const noise = drawNoise(config, { batch: 2, steps: 2, dropout: false }, createRng("noise"));
      const imagination = model.imagine(windows, 2, noise);
      const secondLook = (action: tf.Tensor2D, of: (observed: Observed) => tf.Tensor): tf.Tensor => {
        let seen!: tf.Tensor;
        rollOut(imagination.again(), 2, (observed, t) => {
          if (t === 1) seen = of(observed);
          return action;
        });
        return seen;
      };
      const action = tf.tensor2d([
        [0.3, 0.001],
        [-0.2, -0.001],
      ]);
      const byPictures = gradientBy(action, (x) =>
        secondLook(x, ({ pictures }) => tf.square(pictures.at(-1)!)),
      );
      const byStates = gradientBy(action, (x) => secondLook(x, ({ states }) => tf.square(states.at(-1)!)));
      expect(byPictures.some((value) => value !== 0)).toBe(flows);
      expect(byStates.some((value) => value !== 0)).toBe(true);
      disposeNoise(noise);
      model.dispose();
    },
  );
});

test("what replicas cost is paid by the one they follow", () => {
  const x = tf.tensor2d([[1], [2], [3]]);
  const all = (x: tf.Tensor2D): tf.Tensor => replicateTensor(x, { count: 3, doubted: [0, 2], masks: 4 });
  expect(gradientBy(x, all)).toEqual([5, 1, 5]);
});

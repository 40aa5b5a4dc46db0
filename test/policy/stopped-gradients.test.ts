import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import {
  createForwardModel,
  disposeNoise,
  drawNoise,
  ForwardModelConfig,
  moveEgo,
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
  steerWith,
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

/** What it costs to accelerate by `forward` and `lateral` [m/s²] for three steps, from 12 m/s on. */
function comfortOf(accelerations: tf.Tensor2D): tf.Tensor {
  const [actions, states]: [tf.Tensor2D[], tf.Tensor2D[]] = [[], []];
  let state = tf.tensor2d([[0, 0, 0, 12]]);
  for (let t = 0; t < 3; t++) {
    // More and more, so that there is jerk.
    const action = steerWith(tf.mul(accelerations, t + 1), state, 3);
    state = moveEgo(state, action, 2);
    actions.push(action);
    states.push(state);
  }
  const way = accelerationsOf({ actions, states }, 0.2);
  return tf.add(tf.sum(actionCost(way)), tf.sum(jerkCost(way, 0.2)));
}

test("going faster or slower is no way to make steering gentle: it costs what its lateral acceleration costs", () => {
  const exact = (forward: number, lateral: number): number =>
    (1 + 4 + 9 + 2 / 0.2 ** 2) * (forward ** 2 + lateral ** 2);
  const accelerations = tf.tensor2d([[0.5, 1.5]]);
  expect(tf.tidy(() => comfortOf(accelerations).dataSync()[0])).toBeCloseTo(exact(0.5, 1.5), 2);
  const [byForward, byLateral] = gradientBy(accelerations, comfortOf);
  expect(byForward! / (2 * exact(0.5, 0) * 2)).toBeCloseTo(1, 3);
  expect(byLateral! / ((2 * exact(0, 1.5)) / 1.5)).toBeCloseTo(1, 3);
});

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

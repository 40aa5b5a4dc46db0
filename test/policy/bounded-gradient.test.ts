import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import { createForwardModel, ForwardModelConfig } from "../../src/forward-model/index.ts";
import {
  createPolicyNetwork,
  drawPolicyWindows,
  PolicyConfig,
  policyMethods,
  svgGradient,
  windowOptions,
} from "../../src/policy/index.ts";
import { boundGradient } from "../../src/policy/bounded-gradient.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

test("a bounded gradient leaves values alone and cuts what passes back, column by column", () => {
  tf.tidy(() => {
    const x = tf.tensor2d([
      [1, -2],
      [0.1, 30],
    ]);
    expect(boundGradient(x, [1, 2]).arraySync()).toEqual(x.arraySync());
    const pull = tf.tensor2d([
      [5, -5],
      [-0.5, 1.5],
    ]);
    const gradient = tf.grad((x) => tf.sum(tf.mul(boundGradient(x as tf.Tensor2D, [1, 2]), pull)))(x);
    expect(gradient.arraySync()).toEqual([
      [1, -2],
      [-0.5, 1.5],
    ]);
  });
});

test("a policy's gradient is the same under a bound that nothing reaches, and smaller under a tight one", () => {
  const recording = waveRecording();
  const sampler = createWindowSampler(
    [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
    { pastFrames: 4, futureFrames: 8, margin: 36 },
    pixelSpecs.laptop,
  );
  const model = createForwardModel(
    ForwardModelConfig.parse({ family: "coupled", stemChannels: 4, hiddenChannels: 8, latent: "none" }),
    createRng("model"),
  );
  const gradientOf = (actionClip: number | null): Float32Array => {
    const config = PolicyConfig.parse({
      ...{
        channels: [8, 8, 8],
        hidden: 16,
        horizonSteps: 4,
        weights: { human: 0 },
        training: { actionClip },
      },
    });
    const policy = createPolicyNetwork(
      config,
      { pixels: "laptop", contextFrames: 3, stepFrames: 2 },
      createRng("policy"),
    );
    const options = windowOptions(policyMethods.svg, config);
    const windows = drawPolicyWindows(sampler, model.config, config.training, createRng("w"), 0, 3, options);
    const gradient = new Float32Array(policy.parameters.size);
    svgGradient(policy, model, config, { windows, first: 0 }, createRng("n"), gradient);
    policy.parameters.dispose();
    return gradient;
  };
  const norm = (values: Float32Array): number => Math.hypot(...values);
  const free = gradientOf(null);
  expect(gradientOf(1e6)).toEqual(free);
  expect(norm(gradientOf(0.01))).toBeLessThan(0.5 * norm(free));
  model.dispose();
});

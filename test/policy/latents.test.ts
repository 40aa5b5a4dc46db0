import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import {
  createForwardModel,
  createSeparatedModel,
  disposeNoise,
  ForwardModelConfig,
  latentLength,
  rollOut,
  type ForwardModel,
} from "../../src/forward-model/index.ts";
import {
  checkMethod,
  createPolicyNetwork,
  drawLatents,
  drawPolicyWindows,
  mperGradient,
  PolicyConfig,
  policyMethods,
  svgGradient,
  windowOptions,
  type PolicyMethodName,
  type PolicyWindows,
} from "../../src/policy/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const horizonSteps = 4;
const configOf = (latents: PolicyConfig["latents"], latentDraws = 4) =>
  PolicyConfig.parse({ channels: [8, 8, 8], hidden: 16, horizonSteps, latents, latentDraws });
const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
const recording = waveRecording();
const sampler = createWindowSampler(
  [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
  { pastFrames: 4, futureFrames: 2 * horizonSteps, margin: 36 },
  pixelSpecs.laptop,
);
const makePolicy = () => createPolicyNetwork(configOf("prior"), view, createRng("policy"));

/** A fresh model whose latents show: as made, they are all but cut off. */
function modelOf(family: ForwardModelConfig["family"], latent: ForwardModelConfig["latent"] = "vae") {
  const config = ForwardModelConfig.parse({
    family,
    latent,
    stemChannels: 4,
    hiddenChannels: 8,
    latentSize: 2,
  });
  const model =
    family === "separated"
      ? createSeparatedModel(config, createRng("model"))
      : createForwardModel(config, createRng("model"));
  enlarge(model, { expand: 3, posterior2: 50, heads: 100 });
  return model;
}

function enlarge({ parameters }: ForwardModel, by: { readonly [name: string]: number }): void {
  for (const [name, factor] of Object.entries(by)) {
    tf.tidy(() => parameters.variables[name]!.assign(tf.mul(parameters.variables[name]!, factor)));
  }
}

function drawFor(
  model: ForwardModel,
  latents: PolicyConfig["latents"],
  method: PolicyMethodName = "svg",
  seed = "windows",
): PolicyWindows {
  const config = configOf(latents);
  const options = windowOptions(policyMethods[method], config);
  return drawPolicyWindows(sampler, model.config, config.training, createRng(seed), 0, 4, options);
}

describe.each(["separated", "coupled", "kinematic"] as const)("in a %s model", (family) => {
  test("posterior latents tell what came: another future has others, the same one the same", () => {
    const model = modelOf(family);
    const policy = makePolicy();
    const windows = drawFor(model, "posterior");
    const given = (windows: PolicyWindows): number[] => {
      const shard = { windows, first: 0 };
      const noise = drawLatents(policy, model, configOf("posterior"), shard, createRng("noise"));
      const values = noise.given!.flatMap((z) => Array.from(z.dataSync()));
      disposeNoise(noise);
      return values;
    };
    const dark = {
      ...windows,
      world: { ...windows.world, future: windows.world.future.map((bytes) => bytes.map(() => 0)) },
      futureViews: windows.futureViews.map((pixels) => pixels.map(() => 0)),
    };
    const tensors = tf.memory().numTensors;
    const usual = given(windows);
    expect(usual).toHaveLength(horizonSteps * 4 * latentLength(model.config));
    expect(given(windows)).toEqual(usual);
    expect(given(dark)).not.toEqual(usual);
    expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
    policy.parameters.dispose();
  });

  test("the more futures an adversary may choose from, the more a policy pays", () => {
    const model = modelOf(family);
    const policy = makePolicy();
    const gradient = new Float32Array(policy.parameters.size);
    const paid = (config: PolicyConfig): number => {
      const shard = { windows: drawFor(model, config.latents), first: 0 };
      return svgGradient(policy, model, config, shard, createRng("noise"), gradient).total;
    };
    const [prior, two, six] = [
      paid(configOf("prior")),
      paid(configOf("adversarial", 2)),
      paid(configOf("adversarial", 6)),
    ];
    expect(two).toBeGreaterThan(prior);
    expect(six).toBeGreaterThan(two);
    expect(gradient.some((value) => value !== 0)).toBe(true);
    model.dispose();
    policy.parameters.dispose();
  });

  test("imitation over the horizon takes posterior latents, as published", () => {
    const model = modelOf(family);
    const policy = makePolicy();
    const gradient = new Float32Array(policy.parameters.size);
    const errors = (["prior", "posterior"] as const).map((latents) => {
      const shard = { windows: drawFor(model, latents, "mper"), first: 0 };
      const config = configOf(latents);
      return mperGradient(policy, model, config, shard, null, createRng("noise"), gradient).pictures;
    });
    expect(errors[1]).not.toBe(errors[0]);
    model.dispose();
    policy.parameters.dispose();
  });
});

test("a world imagined with given latents is the one that a lesson foretells when it knows the future", () => {
  const model = createSeparatedModel(modelOf("separated").config, createRng("other"));
  enlarge(model, { expand: 3, posterior2: 50, heads: 100 });
  const policy = makePolicy();
  const windows = drawFor(model, "posterior");
  const noise = drawLatents(policy, model, configOf("posterior"), { windows, first: 0 }, createRng("noise"));
  const imagined = tf.tidy(() => {
    const still = tf.zeros<tf.Rank.R2>([4, 2]);
    const { steps } = rollOut(model.imagine(windows, horizonSteps, noise), horizonSteps, () => still, 0);
    return steps.map(({ scene }) => scene.pixels.dataSync());
  });
  const told = tf.tidy(() => {
    const { given: _, ...drawn } = noise;
    const { predicted } = model.lessonOf(windows.world)({ ...drawn, withheld: [] }, true);
    return predicted.map((picture) => picture.dataSync());
  });
  imagined.forEach((pixels, t) => {
    const errors = Array.from(pixels, (value, p) => Math.abs(value - told[t]![p]!));
    expect(errors.reduce((most, error) => Math.max(most, error), 0)).toBeLessThan(1e-5);
  });
  disposeNoise(noise);
  model.dispose();
  policy.parameters.dispose();
});

test("latents that would have no effect are refused", () => {
  const model = ForwardModelConfig.parse({});
  const refusal =
    (method: PolicyMethodName, over: Partial<ForwardModelConfig> = {}) =>
    () => {
      checkMethod(policyMethods[method], configOf("adversarial"), { ...model, ...over });
    };
  expect(refusal("vg")).toThrow(
    "policy.latents: expected prior with a method that draws no latents, got adv",
  );
  expect(refusal("mpur", { latent: "none" })).toThrow("expected prior in a model without latents, got adv");
  refusal("mpur")();
});

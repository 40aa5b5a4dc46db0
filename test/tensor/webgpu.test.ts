import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { startBackend } from "../../src/cli/backend.ts";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import {
  createForwardModel,
  drawNoise,
  ForwardModelConfig,
  modelGradient,
} from "../../src/forward-model/index.ts";
import {
  createPolicyNetwork,
  drawPolicyWindows,
  mpurGradient,
  PolicyConfig,
} from "../../src/policy/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import {
  conv,
  dense,
  depthToSpace,
  initializeBackend,
  leakyRelu,
  spaceToDepth,
  transposedConv,
} from "../../src/tensor/index.ts";
import { headway } from "../cli/headway.ts";
import { waveRecording } from "../support/recordings.ts";
import { whyNoWebGpu } from "../support/webgpu.ts";
import { normals, withGradients, worstDifference } from "./on-backend.ts";

/** A program in place of a graphics card compiles every shader for seconds. */
const minutes = 600_000;
const reason = await whyNoWebGpu();
const title = reason === null ? "on WebGPU" : `on WebGPU, skipped: ${reason}`;

/** What `f` finds on WebGPU and on the plain backend. */
async function onBoth<T>(f: () => T): Promise<{ webgpu: T; cpu: T }> {
  await startBackend("webgpu", () => undefined);
  const webgpu = f();
  await initializeBackend("cpu");
  return { webgpu, cpu: f() };
}

const numbersOn = (f: () => tf.Tensor[]): Promise<{ webgpu: Float32Array[]; cpu: Float32Array[] }> =>
  onBoth(() => tf.tidy(() => f().map((tensor) => tensor.dataSync<"float32">())));

const layers: { readonly [name: string]: () => tf.Tensor[] } = {
  "a convolution with stride": () =>
    withGradients(
      (x, w, b) => conv(x as tf.Tensor4D, w, b, { strides: 2, slope: 0.2 }),
      normals("x", 2, 9, 6, 3),
      normals("w", 4, 4, 3, 5),
      normals("b", 5),
    ),
  "a convolution with zeros around it": () =>
    withGradients(
      (x, w) => conv(x as tf.Tensor4D, w, null, { strides: [2, 1], pad: 1 }),
      normals("x", 2, 8, 5, 4),
      normals("w", 4, 3, 4, 8),
    ),
  "a transposed convolution": () =>
    withGradients(
      (x, w, b) =>
        transposedConv(x as tf.Tensor4D, w, b!, { size: [8, 6, 5], strides: 2, pad: 1, slope: 0.2 }),
      normals("x", 2, 4, 3, 7),
      normals("w", 4, 4, 5, 7),
      normals("b", 5),
    ),
  "a dense layer": () =>
    withGradients(
      (x, w, b) => dense(x as tf.Tensor2D, w, b, { slope: 0 }),
      normals("x", 3, 7),
      normals("w", 7, 5),
      normals("b", 5),
    ),
  "space to depth and back": () =>
    withGradients(
      (x) => depthToSpace(tf.mul(spaceToDepth(x as tf.Tensor4D, 2), 2), 2),
      normals("x", 2, 6, 4, 3),
    ),
  "rectifier and clamp": () =>
    withGradients((x) => tf.clipByValue(leakyRelu(x), -0.1, 0.7), normals("x", 3, 7)),
};

const recording = waveRecording();
const sampler = createWindowSampler(
  [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
  { pastFrames: 4, futureFrames: 20, margin: 36 },
  pixelSpecs.laptop,
);
const families = ["separated", "coupled", "kinematic"] as const;
const configOf = (family: (typeof families)[number]) =>
  ForwardModelConfig.parse({ family, stemChannels: 4, hiddenChannels: 4, latentSize: 4 });

/** Loss and gradient of a model's first batch, and the tensors that a second one leaves behind. */
function modelStep(family: (typeof families)[number]) {
  const config = configOf(family);
  const model = createForwardModel(config, createRng("model"));
  const gradient = new Float32Array(model.parameters.size);
  const lesson = model.drawLesson(sampler, 2, createRng("lesson"), 0, 2);
  const step = () => {
    const noise = drawNoise(config, { batch: 2, steps: 2, dropout: true }, createRng("noise"));
    return modelGradient(model, lesson, noise, gradient).total;
  };
  const loss = step();
  const tensors = tf.memory().numTensors;
  step();
  const leaked = tf.memory().numTensors - tensors;
  model.dispose();
  return { loss: Float32Array.of(loss), gradient, leaked };
}

/** The same of MPUR, with replicas that doubt. */
function policyStep(family: (typeof families)[number]) {
  const config = configOf(family);
  const settings = PolicyConfig.parse({ channels: [4, 4, 4], hidden: 8, horizonSteps: 2 });
  const model = createForwardModel(config, createRng("model"));
  const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
  const policy = createPolicyNetwork(settings, view, createRng("policy"));
  const windows = drawPolicyWindows(sampler, config, settings.training, createRng("start"), 0, 2, {
    futureSteps: 0,
    perturb: false,
  });
  const gradient = new Float32Array(policy.parameters.size);
  const usual = { cost: { mean: [0, 0], deviation: [1, 1] } };
  const step = () =>
    mpurGradient(policy, model, settings, { windows, first: 0 }, usual, createRng("n"), gradient);
  const { total } = step();
  const tensors = tf.memory().numTensors;
  step();
  const leaked = tf.memory().numTensors - tensors;
  policy.parameters.dispose();
  model.dispose();
  return { loss: Float32Array.of(total), gradient, leaked };
}

test.skipIf(reason === null)(
  "a command that asks for WebGPU where there is none says what is missing",
  () => {
    const { code, stderr } = headway(
      "check-up",
      "data/pretrained/forward-model.headway",
      "--backend",
      "webgpu",
    );
    expect(stderr).toMatch(/^--backend webgpu: expected .*, got .*\.$/m);
    expect(code).toBe(2);
  },
);

describe.skipIf(reason !== null)(title, () => {
  test.each(Object.entries(layers))("%s gives the numbers and gradients of the cpu backend", async (_, f) => {
    const { webgpu, cpu } = await numbersOn(f);
    expect(worstDifference(webgpu, cpu)).toBeLessThan(1e-5);
  });

  test("whole numbers and truth values are read as they are", async () => {
    const { webgpu, cpu } = await numbersOn(() => [
      tf.add(tf.tensor1d([1, 2, -3], "int32"), tf.tensor1d([4, 5, 6], "int32")),
      tf.greater(tf.tensor1d([1, 2, 3]), 1.5),
    ]);
    expect(webgpu).toEqual(cpu);
  });

  const learners = families.flatMap((family) => [
    [`a ${family} model`, () => modelStep(family)] as const,
    [`a policy in a ${family} model`, () => policyStep(family)] as const,
  ]);
  test.each(learners)(
    "%s learns what it learns on the cpu backend, without a leak",
    async (_, step) => {
      const { webgpu, cpu } = await onBoth(step);
      expect(webgpu.gradient.every(Number.isFinite)).toBe(true);
      expect(worstDifference([webgpu.loss], [cpu.loss])).toBeLessThan(1e-4);
      expect(worstDifference([webgpu.gradient], [cpu.gradient])).toBeLessThan(1e-3);
      expect(webgpu.leaked).toBe(0);
    },
    minutes,
  );
});

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import {
  createForwardModel,
  createLatent,
  disposeNoise,
  drawNoise,
  evaluateLesson,
  ForwardModelConfig,
  klBetween,
  modelGradient,
  modelLossWeights,
  storeCodes,
  type Gaussian,
} from "../../src/forward-model/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import { klByIntegration } from "../reference/gaussian.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const kinds = ["vae", "vae-learned", "een", "noisy", "sparse", "discrete"] as const;
const configOf = (latent: (typeof kinds)[number], over: object = {}) =>
  ForwardModelConfig.parse({ stemChannels: 8, hiddenChannels: 16, latentSize: 4, latent, ...over });
const recording = waveRecording();
const sampler = createWindowSampler(
  [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
  { pastFrames: 4, futureFrames: 6, margin: 36 },
  pixelSpecs.laptop,
);

describe.each(kinds)("the latent %s", (kind) => {
  test.each(["separated", "coupled"] as const)(
    "teaches its encoder in the %s family, and changes a prediction that is told the future",
    (family) => {
      const config = configOf(kind, { family, klWeight: 1e-3, sparsityWeight: 1e-3, latentDropout: 0 });
      const model = createForwardModel(config, createRng("model"));
      const { variables, size } = model.parameters;
      // Fresh, the latent is all but cut off: a map of it large enough to be seen.
      tf.tidy(() => variables["expand"]!.assign(tf.mul(variables["expand"]!, 300)));
      tf.tidy(() => variables["posterior2"]!.assign(tf.mul(variables["posterior2"]!, 50)));
      if (family === "separated") tf.tidy(() => variables["heads"]!.assign(tf.mul(variables["heads"]!, 30)));
      const lesson = model.drawLesson(sampler, 3, createRng("lesson"), 0, 2);
      const noise = () => drawNoise(config, { batch: 2, steps: 3, dropout: false }, createRng("noise"));
      const gradient = new Float32Array(size);
      const report = modelGradient(model, lesson, noise(), gradient);
      const weights = modelLossWeights(config);
      expect(report.total).toBeCloseTo(
        report.image + weights.kl * report.kl + weights.sparsity * report.sparsity,
        5,
      );
      expect(report.kl > 0).toBe(kind.startsWith("vae"));
      expect(report.sparsity > 0).toBe(kind === "sparse");
      let offset = 0;
      for (const [name, variable] of Object.entries(variables)) {
        const own = gradient.subarray(offset, (offset += variable.size));
        const moved = own.some((value) => value !== 0);
        if (/^(seen|known|posterior|expand)/.test(name)) expect(moved, name).toBe(true);
        if (name === "codes") expect(moved).toBe(false);
      }
      const held = noise();
      const { predicted, told } = evaluateLesson(lesson, held);
      expect(told).not.toEqual(predicted);
      disposeNoise(held);
      model.dispose();
    },
  );
});

test("codes are drawn from those of training windows, and nothing is drawn before there are any", () => {
  const config = configOf("een");
  const model = createForwardModel(config, createRng("model"));
  const noise = drawNoise(config, { batch: 4, steps: 3, dropout: false }, createRng("noise"));
  const codes = model.parameters.variables["codes"]!;
  expect(codes.dataSync().every((value) => value === 0)).toBe(true);
  const lessons = function* () {
    for (let first = 0; ; first += 4) {
      yield { lesson: model.drawLesson(sampler, 3, createRng("lesson"), first, 4), noise };
    }
  };
  storeCodes(model, lessons());
  const rows = codes.arraySync() as number[][];
  expect(rows.every((row) => row.some((value) => value !== 0))).toBe(true);
  const drawn = tf.tidy(() => createLatent(config)!.sample(null, noise.latent![0]!, codes).arraySync());
  for (const code of drawn) expect(rows).toContainEqual(code);
  disposeNoise(noise);
  model.dispose();
});

test("a discrete code takes no more values than it has levels", () => {
  const latent = createLatent(configOf("discrete", { latentLevels: 3 }))!;
  const z = tf.tidy(() =>
    latent.infer(tf.randomNormal([200, 4], 0, 2, "float32", 1), null, tf.zeros([200, 1])).z.dataSync(),
  );
  expect([...new Set(z)].sort((a, b) => a - b)).toEqual([-1, 0, 1]);
});

test("a noisy code is a fixed share signal and a fixed share noise", () => {
  const latent = createLatent(configOf("noisy", { latentNoise: 1 }))!;
  const z = tf.tidy(() =>
    latent.infer(tf.tensor2d([[10, 0, 0, 0]]), null, tf.tensor2d([[0, 1, 0, 0]])).z.dataSync(),
  );
  expect(z[0]).toBeCloseTo(Math.SQRT2, 4);
  expect(z[1]).toBeCloseTo(Math.SQRT1_2, 4);
});

test("KL between two Gaussians is what integration gives, and zero between equals", () => {
  const of = (mean: number, deviation: number): Gaussian => ({
    mean: tf.tensor2d([[mean]]),
    logVariance: tf.tensor2d([[2 * Math.log(deviation)]]),
  });
  for (const [q, p] of [
    [
      { mean: 0.4, deviation: 0.7 },
      { mean: -0.3, deviation: 1.6 },
    ],
    [
      { mean: 1, deviation: 2 },
      { mean: 1, deviation: 2 },
    ],
  ] as const) {
    const value = tf.tidy(() => klBetween(of(q.mean, q.deviation), of(p.mean, p.deviation)).dataSync()[0]!);
    expect(value).toBeCloseTo(klByIntegration(q, p), 4);
  }
});

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import {
  createForwardModel,
  createLatent,
  createSeparatedModel,
  disposeNoise,
  drawNoise,
  evaluateLesson,
  ForwardModelConfig,
  horizonAt,
  klBetween,
  klWeightAt,
  latentDropoutAt,
  latentLength,
  modelGradient,
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
  ForwardModelConfig.parse({
    stemChannels: 8,
    hiddenChannels: 16,
    latentPer: "view",
    latentSize: 4,
    latent,
    ...over,
  });
const recording = waveRecording();
const sampler = createWindowSampler(
  [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
  { pastFrames: 4, futureFrames: 6, margin: 36 },
  pixelSpecs.laptop,
);

describe.each(kinds)("the latent %s", (kind) => {
  test.each([
    ["separated", "view"],
    ["separated", "cell"],
    ["coupled", "view"],
    ["coupled", "cell"],
  ] as const)(
    "teaches its encoder in the %s family, one per %s, and changes a prediction that is told the future",
    (family, latentPer) => {
      const weights = { klWeight: 1e-3, sparsityWeight: 1e-3 };
      const config = configOf(kind, { family, latentPer, ...weights, latentDropout: 0 });
      const model = createForwardModel(config, createRng("model"));
      const { variables, size } = model.parameters;
      // Fresh, the latent is all but cut off: a map of it large enough to be seen.
      const enlarged = latentPer === "view" ? 300 : 3;
      tf.tidy(() => variables["expand"]!.assign(tf.mul(variables["expand"]!, enlarged)));
      tf.tidy(() => variables["posterior2"]!.assign(tf.mul(variables["posterior2"]!, 50)));
      if (family === "separated") tf.tidy(() => variables["heads"]!.assign(tf.mul(variables["heads"]!, 30)));
      const lesson = model.drawLesson(sampler, 3, createRng("lesson"), 0, 2);
      const noise = () => drawNoise(config, { batch: 2, steps: 3, dropout: false }, createRng("noise"));
      const gradient = new Float32Array(size);
      const report = modelGradient(model, lesson, noise(), gradient);
      expect(report.total).toBeCloseTo(
        report.image + weights.klWeight * report.kl + weights.sparsityWeight * report.sparsity,
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

describe("a latent per cell", () => {
  const config = configOf("vae", { latentPer: "cell", latentSize: 1 });

  /** Rows of pixels at which a step differs when the latent of the cell at `row`, `column` does. */
  function rowsChangedBy(row: number, column: number): number[] {
    const model = createSeparatedModel(config, createRng("model"));
    tf.tidy(() => model.parameters.variables["expand"]!.assign(tf.ones([1, 1, 1, 16])));
    const cells = latentLength(config);
    const fieldsWith = (value: number): Float32Array =>
      tf.tidy(() => {
        const z = new Float32Array(cells);
        z[row * 4 + column] = value;
        const context = Array.from({ length: 3 }, () => tf.zeros<tf.Rank.R4>([1, 64, 16, 3]));
        const encoding = model.network.encode(context, tf.zeros([1, 64, 16, 4]), null);
        const { acceleration } = model.network.decode(encoding, tf.tensor2d(z, [1, cells]), null);
        return acceleration.dataSync() as Float32Array;
      });
    const [without, withIt] = [fieldsWith(0), fieldsWith(3)];
    model.dispose();
    const changed = [...withIt.keys()].filter((i) => Math.abs(withIt[i]! - without[i]!) > 1e-6);
    return changed.map((i) => Math.floor(i / 32));
  }

  test("speaks of its own place: what it changes lies around it", () => {
    for (const row of [2, 8, 13]) {
      const rows = rowsChangedBy(row, 1);
      const center = row * 4 + 1.5;
      const mean = rows.reduce((sum, value) => sum + value, 0) / rows.length;
      expect(rows.length).toBeGreaterThan(0);
      expect(Math.abs(mean - center)).toBeLessThan(12);
      expect(Math.max(...rows.map((value) => Math.abs(value - center)))).toBeLessThan(reach);
    }
  });
});

/** Rows that the network's convolutions look to either side, at most. */
const reach = 28;

test.each([
  ["step", "drawn"],
  ["rollout", "mean"],
] as const)("dropout of each %s withholds the latent of half of them, which are then %s", (of, standIn) => {
  const config = configOf("vae", { latentDropoutOf: of });
  const drawn = Array.from({ length: 200 }, (_, i) => {
    const noise = drawNoise(config, { batch: 1, steps: 4, dropout: false }, createRng(`noise ${i}`));
    disposeNoise(noise);
    return noise.withheld;
  });
  const all = drawn.flat();
  expect(new Set(all)).toEqual(new Set(["no", standIn]));
  const share = all.filter((value) => value === standIn).length / all.length;
  expect(Math.abs(share - 0.5)).toBeLessThan(0.1);
  expect(drawn.some((steps) => new Set(steps).size > 1)).toBe(of === "step");
});

test("whole rollouts go without a latent as long as the horizon grows, single steps do not", () => {
  const training = { updates: 100, curriculumFraction: 0.4, firstHorizonSteps: 2, horizonSteps: 14 };
  const of = (latentDropoutOf: "step" | "rollout", update: number): number =>
    latentDropoutAt(configOf("vae", { training, latentDropoutOf, latentDropout: 0.3 }), update);
  expect([0, 20, 37].map((update) => of("rollout", update))).toEqual([1, 1, 1]);
  expect([40, 99].map((update) => of("rollout", update))).toEqual([0.3, 0.3]);
  expect([0, 20, 40, 99].map((update) => of("step", update))).toEqual([0.3, 0.3, 0.3, 0.3]);
});

test("the horizon grows to its last length, and where that is shorter than the first is never longer", () => {
  const training = { updates: 100, curriculumFraction: 0.4, firstHorizonSteps: 2, horizonSteps: 14 };
  const of = (over: object, update: number): number =>
    horizonAt(configOf("vae", { training: { ...training, ...over } }).training, update);
  expect([0, 20, 40, 99].map((update) => of({}, update))).toEqual([2, 8, 14, 14]);
  expect([0, 20, 99].map((update) => of({ horizonSteps: 1 }, update))).toEqual([1, 1, 1]);
});

test("the weight of the divergence grows from the first update that hears a latent on", () => {
  const training = { updates: 100, curriculumFraction: 0.4, firstHorizonSteps: 2, horizonSteps: 14 };
  const of = (latentDropoutOf: "step" | "rollout", update: number): number =>
    klWeightAt(configOf("vae", { training, latentDropoutOf, klWeight: 8, klWarmUpUpdates: 20 }), update);
  const first = Array.from({ length: 100 }, (_, update) => update).find(
    (update) => of("rollout", update + 1) > 0,
  )!;
  expect(first).toBeGreaterThan(35);
  expect(first).toBeLessThanOrEqual(40);
  expect([first, first + 5, first + 20, 99].map((update) => of("rollout", update))).toEqual([0, 2, 8, 8]);
  expect([0, 5, 20, 99].map((update) => of("step", update))).toEqual([0, 2, 8, 8]);
});

test("a rollout without its latent is the one at the mean of the prior", () => {
  for (const kind of ["vae", "vae-learned"] as const) {
    const config = configOf(kind, { latentPer: "cell", latentSize: 1 });
    const model = createForwardModel(config, createRng("model"));
    tf.tidy(() => model.parameters.variables["expand"]!.assign(tf.ones([1, 1, 1, 16])));
    tf.tidy(() =>
      model.parameters.variables["heads"]!.assign(tf.mul(model.parameters.variables["heads"]!, 30)),
    );
    const lesson = model.drawLesson(sampler, 2, createRng("lesson"), 0, 1);
    const noise = drawNoise(config, { batch: 1, steps: 2, dropout: false }, createRng("noise"));
    const still = { ...noise, latent: noise.latent!.map((z) => tf.zerosLike(z)) };
    const pictures = (of: typeof noise, reveal: boolean) =>
      tf.tidy(() => lesson(of, reveal).predicted.map((picture) => [...picture.dataSync()]));
    const withheld = pictures({ ...noise, withheld: ["mean", "mean"] }, true);
    expect(withheld).toEqual(pictures({ ...still, withheld: [] }, false));
    expect(withheld).not.toEqual(pictures({ ...noise, withheld: ["drawn", "drawn"] }, true));
    disposeNoise(noise);
    disposeNoise(still);
    model.dispose();
  }
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

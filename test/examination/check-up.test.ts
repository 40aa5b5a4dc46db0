import * as tf from "@tensorflow/tfjs";
import { unzlibSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import {
  checkUpPage,
  createExaminer,
  pngUri,
  warningsOf,
  type CheckUpOptions,
  type CheckUpSamplers,
  type Examination,
  type Findings,
} from "../../src/examination/index.ts";
import {
  createForwardModel,
  ForwardModelConfig,
  wayShape,
  type ForwardModel,
} from "../../src/forward-model/index.ts";
import { pixelSpecs } from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

/** Asks everything, in the order given. */
function examine(model: ForwardModel, samplers: CheckUpSamplers, options: CheckUpOptions): Examination {
  const { questions, answer, conclude } = createExaminer(model, samplers, options);
  return conclude(questions.map(answer));
}

describe.each([
  { family: "separated", latent: "vae" },
  { family: "coupled", latent: "een" },
  { family: "kinematic", latent: "none" },
])("a check-up of a $family model, latent $latent, that has learned nothing yet", (kind) => {
  const small = { latentPer: "view", stemChannels: 4, hiddenChannels: 8, latentSize: 2 };
  const config = ForwardModelConfig.parse({ ...kind, ...small });
  const recording = waveRecording();
  const sampler = createWindowSampler(
    [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
    { ...wayShape(config, 20), margin: 36 },
    pixelSpecs.laptop,
  );
  let examination: Examination;
  let leaked: number;
  beforeAll(() => {
    const model = createForwardModel(config, createRng("model"));
    const before = tf.memory().numTensors;
    const training = kind.family === "separated" ? sampler : null;
    const options = { windows: 2, samples: 2, masks: 2, rng: createRng("check-up") };
    examination = examine(model, { heldOut: sampler, training }, options);
    leaked = tf.memory().numTensors - before;
    model.dispose();
  }, 120_000);

  test("gives finite numbers, moves the ego as the kinematics say, and leaks no tensors", () => {
    const { checkUp } = examination;
    expect(leaked).toBe(0);
    expect(JSON.stringify(checkUp)).not.toMatch(/null/);
    expect(checkUp.openLoop).toHaveLength(20);
    expect(checkUp.openLoop[0]).toMatchObject({ step: 1 });
    for (const { state } of checkUp.openLoop) expect(state).toBeLessThan(0.1);
    expect(checkUp.gradientAgreement.map(({ seconds }) => seconds)).toContain(2);
  });

  test("tells doubt by dropout always, and learned doubt where there are windows to learn from", () => {
    const kinds = examination.checkUp.calibration.rows.map((row) => row.kind);
    const dropout = Array<string>(4).fill("dropout");
    const learned = Array<string>(kind.family === "separated" ? 4 : 0).fill("learned");
    expect(kinds).toEqual([...dropout, ...learned]);
  });

  test("says which of its parts have learned nothing", () => {
    const warnings = examination.checkUp.warnings.join("\n");
    expect(/The latent has collapsed/.test(warnings)).toBe(kind.latent !== "none");
    // It keeps its picture, whatever the ego does.
    if (kind.family === "coupled") expect(warnings).toContain("hardly heeds");
  });

  test("has a page that stands for itself", () => {
    const page = checkUpPage(examination, {
      checkpoint: "a <b>.headway",
      ...kind,
      pixels: "laptop",
      data: "waves",
      command: "headway check-up",
    });
    const uri = /data:image\/png;base64,[\w+/=]*/g;
    expect(page.match(uri)).toHaveLength(12);
    const words = page.replace(uri, "");
    expect(words).toContain("a &lt;b&gt;.headway");
    expect(words.match(/<svg /g)!.length).toBeGreaterThanOrEqual(5);
    expect(words.match(/NaN|undefined|https?:\/\//g)).toBeNull();
  });
});

test("one window is enough, and is the only one with a strip", () => {
  const config = ForwardModelConfig.parse({ stemChannels: 4, hiddenChannels: 8, latentSize: 2 });
  const model = createForwardModel(config, createRng("model"));
  const recording = waveRecording();
  const sampler = createWindowSampler(
    [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
    { ...wayShape(config, 20), margin: 36 },
    pixelSpecs.laptop,
  );
  const asked = { windows: 1, samples: 2, masks: 2, rng: createRng("check-up") };
  const { strips } = examine(model, { heldOut: sampler, training: null }, asked);
  expect(strips.map(({ title }) => title)).toEqual(["Ordinary window 1", "Perturbed window 1"]);
  model.dispose();
});

describe("warnings", () => {
  const fine: Findings = {
    hasLatent: true,
    openLoop: [
      {
        step: 5,
        seconds: 1,
        image: 0.01,
        state: 0,
        copied: 0.05,
        constantVelocity: 0.002,
        shownVelocity: 0.003,
        observedVelocity: 0.012,
      },
    ],
    bestOfK: [
      {
        seconds: 2,
        k: 6,
        deterministic: 0.03,
        mean: 0.03,
        best: 0.02,
        spread: 0.5,
        score: 0.04,
        deterministicScore: 0.05,
      },
    ],
    actionSensitivity: [
      { action: "brake", deviations: 2, change: -1.2, seconds: 1, ratio: 0.9, correlation: 0.9 },
    ],
    gradientAgreement: [
      {
        action: "acceleration",
        cost: "proximity",
        seconds: 1,
        windows: "ordinary",
        correlation: 0.95,
        low: 0.9,
        high: 0.98,
        ratio: 0.9,
        sameSign: 0.9,
        count: 64,
      },
    ],
    calibration: [
      {
        kind: "dropout",
        action: "acceleration",
        of: "image",
        againstError: { value: 0.7, low: 0.5, high: 0.8 },
        againstDistance: { value: 0.3, low: 0.1, high: 0.5 },
        count: 160,
      },
    ],
  };
  const first = <Row>(rows: readonly Row[], change: Partial<Row>): Row[] => [{ ...rows[0]!, ...change }];

  test("are none where all is well", () => {
    expect(warningsOf(fine)).toEqual([]);
  });

  test.each<[string, Partial<Findings>, RegExp]>([
    [
      "ignores an action",
      { actionSensitivity: first(fine.actionSensitivity, { ratio: 0.1 }) },
      /hardly heeds the action "brake" \(-1\.20 m\/s² for 1 s\)/,
    ],
    [
      "has a gradient that misleads",
      { gradientAgreement: first(fine.gradientAgreement, { correlation: 0.05, low: -0.1, high: 0.2 }) },
      /derivative with respect to acceleration misleads on ordinary windows: .* 0\.05 \[-0\.10, 0\.20\]/,
    ],
    [
      "is worse than a copy",
      { openLoop: first(fine.openLoop, { image: 0.06 }) },
      /At 1\.0 s the model predicts worse than a copy/,
    ],
    [
      "adds nothing to what its pictures show",
      { openLoop: first(fine.openLoop, { image: 0.02 }) },
      /worse than keeping the motion/,
    ],
    ["collapses its latent", { bestOfK: first(fine.bestOfK, { spread: 0.05 }) }, /The latent has collapsed/],
    [
      "is confident where it is wrong",
      { calibration: first(fine.calibration, { againstError: { value: 0.1, low: -0.1, high: 0.3 } }) },
      /confident where it is wrong about the image under acceleration/,
    ],
  ])("say when a model %s", (_, change, sentence) => {
    const warnings = warningsOf({ ...fine, ...change });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(sentence);
  });

  test("say nothing of a latent that a model does not have", () => {
    expect(warningsOf({ ...fine, hasLatent: false, bestOfK: first(fine.bestOfK, { spread: 0 }) })).toEqual(
      [],
    );
  });
});

test("a picture comes back from its PNG", () => {
  const pixels = Uint8Array.of(
    255,
    0,
    0,
    255,
    0,
    255,
    0,
    255,
    9,
    8,
    7,
    255,
    1,
    2,
    3,
    0,
    4,
    5,
    6,
    255,
    0,
    0,
    0,
    255,
  );
  const bytes = Buffer.from(pngUri({ width: 3, height: 2, pixels }).split(",")[1]!, "base64");
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([3, 2]);
  const length = bytes.readUInt32BE(33);
  const rows = unzlibSync(bytes.subarray(41, 41 + length));
  expect([...rows.subarray(1, 13), ...rows.subarray(14, 26)]).toEqual([...pixels]);
});

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { createRng, wilsonInterval } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import {
  clusteredMeans,
  createForeseer,
  foreseenDriver,
  foreseenHuman,
  foreseenPlan,
  foreseenPolicy,
  foresightPage,
  foresightRows,
  unusual,
  varianceOfReplicas,
  type Foreseen,
  type Foresights,
  type ForesightRow,
} from "../../src/examination/index.ts";
import { createForwardModel, ForwardModelConfig, wayShape } from "../../src/forward-model/index.ts";
import { createPolicyNetwork, PlannerConfig, PolicyConfig, type Policy } from "../../src/policy/index.ts";
import { createConstantDriver, pixelSpecs } from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const steps = 5;
const config = PolicyConfig.parse({ channels: [4, 4, 8], hidden: 8 });
const recording = waveRecording();

describe.each(["separated", "coupled", "kinematic"])("looking ahead in a %s model", (family) => {
  const modelConfig = ForwardModelConfig.parse({ family, stemChannels: 4, hiddenChannels: 8, latentSize: 2 });
  const sampler = createWindowSampler(
    [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
    { ...wayShape(modelConfig, steps), margin: 36 },
    pixelSpecs.laptop,
  );
  const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
  let drivers: Foreseen[];
  let foresights: Foresights;
  let rows: ForesightRow[];
  let leaked: number;
  beforeAll(() => {
    const model = createForwardModel(modelConfig, createRng("model"));
    const network = createPolicyNetwork(config, view, createRng("policy"));
    const policy: Policy = { name: "mpur", config, view, network, calibration: null };
    const planner = PlannerConfig.parse({ horizonSteps: steps, samples: 1, gradient: { iterations: 1 } });
    drivers = [
      foreseenHuman,
      foreseenDriver("ram", createConstantDriver("ram", { acceleration: 4, steering: 0.02 })),
      foreseenPolicy("mpur", policy, model),
      foreseenPlan("plan", { model, search: "gradient", config: planner, policy: config, guide: null }),
    ];
    const before = tf.memory().numTensors;
    const options = {
      windows: 18,
      usualWindows: 6,
      steps,
      masks: 3,
      weights: config.weights,
      proximity: config.proximity,
    };
    const { questions, answer, conclude } = createForeseer(
      model,
      { training: sampler, heldOut: sampler },
      drivers,
      { ...options, rng: createRng("foresee") },
    );
    foresights = conclude(questions.map(answer));
    leaked = tf.memory().numTensors - before;
    model.dispose();
    network.parameters.dispose();
    rows = foresightRows(drivers, foresights, { hinge: 0.5, stepSeconds: 0.2, rng: createRng("rows") });
  }, 120_000);

  test("gives finite numbers for every step, window and driver, and leaks no tensors", () => {
    expect(leaked).toBe(0);
    expect(rows.map(({ driver, decidesBy }) => `${driver} by ${decidesBy}`)).toEqual([
      "human by record",
      "ram by replay",
      "mpur by imagination",
      "plan by plan",
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/null/);
    for (const row of rows) {
      expect(row.windows).toBe(18);
      expect(row.steps.map(({ seconds }) => seconds)).toHaveLength(steps);
    }
  });

  test("who rams does harm; what was promised too much is told as optimism", () => {
    const [human, ram] = rows;
    expect(ram!.overall.harmed.value).toBeGreaterThan(human!.overall.harmed.value);
    expect(ram!.overall.predicted.jerk.value).toBeGreaterThan(human!.overall.predicted.jerk.value);
    for (const { overall } of rows) {
      const { predicted, exact, optimism } = overall;
      expect(optimism.value).toBeCloseTo(exact.cost.value - predicted.cost.value, 6);
      expect(optimism.low).toBeLessThanOrEqual(optimism.value);
      expect(optimism.high).toBeGreaterThanOrEqual(optimism.value);
    }
  });

  test("where nobody came to harm, that others might is not ruled out", () => {
    const unharmed = foresights.drivers.map((told) => ({
      ...told,
      harmed: told.harmed.map((course) => course.map(() => 0)),
    }));
    const [row] = foresightRows(
      drivers,
      { ...foresights, drivers: unharmed },
      { hinge: 0.5, stepSeconds: 0.2, rng: createRng("rows") },
    );
    expect(row!.overall.harmed).toEqual(
      expect.objectContaining({ value: 0, low: 0, high: wilsonInterval(0, row!.vehicles).high }),
    );
  });

  test("where the ego moves in closed form, nobody doubts where it will be", () => {
    for (const { overall } of rows) {
      expect(overall.variance.image.value).toBeGreaterThan(0);
      if (family !== "coupled") expect(overall.variance.state.value).toBeLessThan(1e-9);
      const { image, state, cost, total } = overall.uncertainty;
      expect(total.value).toBeCloseTo(image.value + state.value + cost.value, 5);
    }
  });

  test("has a page that stands for itself", () => {
    const page = foresightPage(rows, {
      ...{ model: "a <b>.headway", family, latent: "vae", data: ["waves"], split: "validation" },
      ...{ masks: 3, hinge: 0.5, command: "headway foresee" },
    });
    expect(page).toContain("a &lt;b&gt;.headway");
    expect(page.match(/<svg /g)!.length).toBeGreaterThanOrEqual(10);
    expect(page.match(/NaN|undefined|https?:\/\//g)).toBeNull();
  });
});

test("replicas that agree have no variance, and others that of their numbers in units of the scales", () => {
  // Two windows of two numbers, then two replicas of each.
  const values = Float32Array.from([9, 9, 9, 9, 1, 2, 5, 5, 3, 2, 5, 5]);
  expect(varianceOfReplicas(values, 2, 2)).toEqual(Float64Array.from([1, 0]));
  expect(varianceOfReplicas(values, 2, 2, [2, 1])).toEqual(Float64Array.from([0.25, 0]));
});

test("what is usual costs nothing, and doubt counts from the hinge on", () => {
  const usual = { mean: [2], deviation: [4] };
  expect(unusual(2, usual, 0, 0.5)).toBe(0);
  expect(unusual(0, usual, 0, 0.5)).toBe(0);
  expect(unusual(10, usual, 0, 0.5)).toBeCloseTo(1.5, 12);
});

test("observations of one vehicle count once: ten copies of three are as uncertain as the three", () => {
  const values = [1, 2, 6];
  const widthOf = (copies: number): number => {
    const clusters = values.flatMap((_, i) => Array.from({ length: copies }, () => i));
    const { value, low, high } = clusteredMeans(
      clusters,
      createRng("means"),
    )(clusters.map((i) => values[i]!));
    expect(value).toBeCloseTo(3, 12);
    return high - low;
  };
  expect(widthOf(10)).toBeCloseTo(widthOf(1), 12);
});

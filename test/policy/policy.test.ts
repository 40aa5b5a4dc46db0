import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createWindowSampler } from "../../src/episodes/index.ts";
import {
  createForwardModel,
  driveThrough,
  ForwardModelConfig,
  replayWorld,
  rollOut,
  warpView,
} from "../../src/forward-model/index.ts";
import {
  calibrateUncertainty,
  createPolicyNetwork,
  drawPolicyWindows,
  encodePolicy,
  imitationGradient,
  loadPolicy,
  logReplayGradient,
  mpurGradient,
  PolicyConfig,
  readPolicyCard,
  type Policy,
  recordedStates,
  worldCosts,
  type PolicyWindows,
} from "../../src/policy/index.ts";
import { advance, channelCount, createRenderer, createTraffic, pixelSpecs } from "../../src/sim/index.ts";
import { createFrameReader } from "../../src/episodes/index.ts";
import { useWasm } from "../support/backend.ts";
import { waveRecording } from "../support/recordings.ts";

useWasm();

const spec = pixelSpecs.laptop;
const modelConfig = ForwardModelConfig.parse({ stemChannels: 8, hiddenChannels: 16, latentSize: 4 });
const config = PolicyConfig.parse({ channels: [8, 8, 8], hidden: 16, horizonSteps: 5 });
const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
const recording = waveRecording();
const sampler = createWindowSampler(
  [{ recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 }],
  { pastFrames: 4, futureFrames: 40, margin: 36 },
  spec,
);
const draw = (
  count: number,
  futureSteps: number,
  perturb = false,
  seed = "windows",
  first = 0,
): PolicyWindows =>
  drawPolicyWindows(sampler, modelConfig, config.training, createRng(seed), first, count, {
    futureSteps,
    perturb,
  });
const makePolicy = () => createPolicyNetwork(config, view, createRng("policy"));

describe("windows", () => {
  test("are the same whoever draws them", () => {
    const whole = draw(4, 0, true);
    const half = draw(2, 0, true, "windows", 2);
    expect(half.views[1]!).toEqual(whole.views[1]!.slice(whole.views[1]!.length / 2));
    expect(half.frames).toEqual(whole.frames.slice(2));
  });

  test("the world rendered from the moving frame, warped to the ego, is nearly what the ego would see", () => {
    const windows = draw(3, 6);
    const size = spec.height * spec.width * channelCount;
    const world = replayWorld(windows.world);
    const states = recordedStates(windows, modelConfig, 6);
    const out = new Float32Array(size);
    const exact = new Uint8Array(size);
    for (let b = 0; b < 3; b++) {
      const { track, frame } = windows.starts[b]!;
      const step = 6;
      const [x, y, heading] = states[step - 1]!.slice(4 * b) as unknown as [number, number, number];
      warpView(world[step - 1]!, b * size, spec, x - windows.frames[b]!.speed * 1.2, y, heading, out, 0);
      const t = frame - track.firstFrame + 12;
      sampler.render(
        windows.starts[b]!,
        frame + 12,
        { x: track.x[t]!, y: track.y[t]!, heading: track.heading[t]! },
        exact,
        0,
      );
      // Away from the borders, which the warp can only repeat; bilinear blur is all that may differ.
      let difference = 0;
      let mass = 0;
      for (let p = 16 * spec.width; p < 48 * spec.width; p++) {
        difference += out[p * 3 + 1]! - exact[p * 3 + 1]! / 255;
        mass += exact[p * 3 + 1]! / 255;
      }
      expect(Math.abs(difference)).toBeLessThan(0.1 * mass + 1);
    }
  });
});

describe("the gradient of the cost with respect to the actions", () => {
  /**
   * The test that neither a loss nor a model's own finite differences can replace: recorded traffic is blind to the ego,
   * so the true derivative of the cost of a way of driving is to be had from simulator and renderer alone.
   */
  test("agrees with finite differences through the exact simulator and renderer", () => {
    const B = 12;
    const windows = draw(B, 10, true, "gradient");
    const world = replayWorld(windows.world);
    for (const { steps, index, scale, agreement } of [
      { steps: 5, index: 0, scale: 0.5, agreement: 0.85 },
      { steps: 10, index: 0, scale: 0.5, agreement: 0.85 },
      { steps: 5, index: 1, scale: 0.004, agreement: 0.8 },
      { steps: 10, index: 1, scale: 0.004, agreement: 0.8 },
    ]) {
      const predicted = costGradient(windows, world.slice(0, steps), index);
      const exact = Array.from({ length: B }, (_, b) => {
        const up = exactCost(windows, b, steps, index, scale);
        const down = exactCost(windows, b, steps, index, -scale);
        return (up - down) / (2 * scale);
      });
      expect(correlation(predicted, exact)).toBeGreaterThan(agreement);
    }
  });

  /** d(mean proximity over the horizon) / d(constant action), by the tensor code. */
  function costGradient(windows: PolicyWindows, world: readonly Float32Array[], index: number): number[] {
    return tf.tidy(() => {
      const cost = (action: tf.Tensor): tf.Scalar => {
        const imagination = driveThrough(world, windows, modelConfig);
        const { steps } = rollOut(imagination, world.length, () => action as tf.Tensor2D);
        return tf.div(tf.sum(worldCosts(spec, windows, steps).proximity), world.length);
      };
      const gradient = tf
        .grad(cost)(tf.zeros([windows.count, 2]))
        .dataSync();
      return Array.from({ length: windows.count }, (_, b) => gradient[2 * b + index]!);
    });
  }

  /** The same cost with the ego driven by the simulator and its surroundings rendered where it really is. */
  function exactCost(windows: PolicyWindows, b: number, steps: number, index: number, value: number): number {
    const { track, trackIndex, frame } = windows.starts[b]!;
    const reader = createFrameReader(recording);
    const traffic = createTraffic(reader.capacity);
    const renderer = createRenderer(spec, recording.road);
    const now = windows.states.at(-1)!.slice(4 * b, 4 * b + 4);
    const origin = windows.frames[b]!;
    const ego = { x: origin.x, y: origin.y, heading: now[2]!, speed: now[3]! };
    const nominal = { ...ego };
    const action = { acceleration: index === 0 ? value : 0, steering: index === 1 ? value : 0 };
    let sum = 0;
    for (let step = 1; step <= steps; step++) {
      for (let k = 0; k < 2; k++) {
        advance(ego, action, 0.1);
        advance(nominal, { acceleration: 0, steering: 0 }, 0.1);
      }
      const bytes = new Uint8Array(spec.height * spec.width * channelCount);
      reader.readAround(frame + 2 * step, traffic, ego.x, 60, trackIndex);
      renderer.render(ego, traffic, -1, bytes, 0);
      const sizes = { length: Float32Array.of(track.length), width: Float32Array.of(track.width) };
      // Centered picture; the speed of the unperturbed ego, because the mask's size is no way to save cost.
      sum += tf.tidy(() => {
        const pixels = tf.tensor4d(
          Float32Array.from(bytes, (v) => v / 255),
          [1, spec.height, spec.width, 3],
        );
        const state = tf.tensor2d([0, 0, 0, nominal.speed], [1, 4]);
        return worldCosts(spec, sizes, [{ state, scene: { pixels, pose: null } }]).proximity.dataSync()[0]!;
      });
    }
    return sum / steps;
  }

  function correlation(a: readonly number[], b: readonly number[]): number {
    const mean = (v: readonly number[]): number => v.reduce((sum, x) => sum + x, 0) / v.length;
    const [ma, mb] = [mean(a), mean(b)];
    let ab = 0;
    let aa = 0;
    let bb = 0;
    a.forEach((x, i) => {
      ab += (x - ma) * (b[i]! - mb);
      aa += (x - ma) ** 2;
      bb += (b[i]! - mb) ** 2;
    });
    return ab / Math.sqrt(aa * bb);
  }
});

describe("a policy step", () => {
  const model = () => createForwardModel(modelConfig, createRng("model"));
  const calibration = { cost: { mean: [0, 0, 0, 0, 0], deviation: [1e-9, 1e-9, 1e-9, 1e-9, 1e-9] } };

  test("of MPUR leaks no tensors, leaves the model alone, and gives every term", () => {
    const world = model();
    const policy = makePolicy();
    const windows = draw(4, 0, true);
    const gradient = new Float32Array(policy.parameters.size);
    const before = world.parameters.read();
    const step = () =>
      mpurGradient(policy, world, config, { windows, first: 0 }, calibration, createRng("noise"), gradient);
    const report = step();
    const tensors = tf.memory().numTensors;
    for (let i = 0; i < 2; i++) step();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(world.parameters.read()).toEqual(before);
    expect(gradient.some((value) => value !== 0)).toBe(true);
    for (const value of Object.values(report)) expect(Number.isFinite(value)).toBe(true);
    expect(report.uncertainty).toBeGreaterThan(0);
    world.dispose();
    policy.parameters.dispose();
  });

  test("of imitation and of log-replay leaks no tensors", () => {
    const policy = makePolicy();
    const windows = draw(4, 5);
    const gradient = new Float32Array(policy.parameters.size);
    const step = (): void => {
      imitationGradient(policy, modelConfig, windows, gradient);
      logReplayGradient(policy, { config: modelConfig }, config, windows, gradient);
    };
    step();
    const tensors = tf.memory().numTensors;
    for (let i = 0; i < 2; i++) step();
    expect(tf.memory().numTensors).toBe(tensors);
    policy.parameters.dispose();
  });

  test("without dropout there is no epistemic variance", () => {
    const certain = createForwardModel({ ...modelConfig, dropoutRate: 0 }, createRng("model"));
    const { cost } = calibrateUncertainty(certain, config, [draw(4, 0)], createRng("noise"));
    cost!.mean.forEach((value) => expect(value).toBeLessThan(1e-12));
    certain.dispose();
  });
});

describe("a policy file", () => {
  test("gives back the same policy and is refused when damaged", () => {
    const network = makePolicy();
    const calibration = { cost: { mean: [1], deviation: [2] } };
    const bytes = encodePolicy({ name: "mpur", config, view, network, calibration });
    const copy = loadPolicy(bytes, "p.headway");
    expect(copy.network.parameters.read()).toEqual(network.parameters.read());
    expect(copy.calibration).toEqual(calibration);
    // As files said it while the variance of the cost was the only one.
    const older = { name: "mpur", config, view, network, calibration: calibration.cost };
    expect(readPolicyCard(encodePolicy(older as unknown as Policy), "p.headway").calibration).toEqual(
      calibration,
    );
    bytes[bytes.length - 1]! ^= 1;
    expect(() => loadPolicy(bytes, "p.headway")).toThrow("p.headway: expected a policy, got a damaged one");
    network.parameters.dispose();
    copy.network.parameters.dispose();
  });
});

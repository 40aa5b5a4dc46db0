import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createForwardModel, ForwardModelConfig, type ForwardModel } from "../../src/forward-model/index.ts";
import {
  createLookBack,
  createPlanner,
  createPolicyDriver,
  createPolicyNetwork,
  expectSameSight,
  heldIntent,
  imagineProspect,
  planIntent,
  PlannerConfig,
  PolicyConfig,
  policyIntent,
  type Intent,
  type Plan,
  type Policy,
  type PlanStart,
} from "../../src/policy/index.ts";
import {
  advance,
  channelCount,
  createTraffic,
  pixelSpecs,
  straightRoad,
  type Action,
  type Driver,
  type Scene,
  type VehicleState,
} from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";

useWasm();

const config = ForwardModelConfig.parse({ stemChannels: 4, hiddenChannels: 8, latentSize: 2 });
const policyConfig = PolicyConfig.parse({ channels: [4, 4, 8], hidden: 8 });
const model = (): ForwardModel => createForwardModel(config, createRng("model"));
const asked = { steps: 5, shown: [1, 5] };

function untrained(): Policy {
  const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
  const network = createPolicyNetwork(policyConfig, view, createRng("policy"));
  return { name: "untrained", config: policyConfig, view, network, calibration: null };
}

const road = straightRoad("straight", 1000, 3);

/** The middle of three lanes, with a slower car ahead, `seconds` after the first look. */
function sceneAfter(seconds: number, speed = 14): Scene & { readonly ego: VehicleState } {
  const traffic = createTraffic(1);
  traffic.x[0] = 230 + 9 * seconds;
  traffic.y[0] = -3.7;
  traffic.speed[0] = 9;
  traffic.length[0] = 4.6;
  traffic.width[0] = 1.9;
  traffic.count = 1;
  const ego = { x: 200 + speed * seconds, y: -3.5, heading: 0.01, speed };
  return { road, traffic, ego, shape: { length: 4.6, width: 1.9 }, recordedAction: null };
}

/** What an ego knows that has seen three scenes. */
function start(speed?: number): PlanStart {
  const lookBack = createLookBack(config, 1);
  for (const seconds of [-0.4, -0.2, 0]) lookBack.see([sceneAfter(seconds, speed)]);
  return lookBack.startOf([0]);
}

const prospect = (intent: Intent, seed = "seed", from = start()) =>
  imagineProspect(model(), from, intent, asked, createRng(seed));

/** The action that a driver takes after three scenes, and where it leads in a step. */
function reallyDriven(driver: Driver): VehicleState {
  const session = driver.begin(1, createRng("drive"));
  const action: Action = { acceleration: 0, steering: 0 };
  session.observe([sceneAfter(-0.4)]);
  session.observe([sceneAfter(-0.2)]);
  const now = sceneAfter(0);
  session.act([now], [action]);
  session.dispose();
  for (let k = 0; k < 2; k++) advance(now.ego, action, 0.1);
  return now.ego;
}

function expectFirstState(states: Float32Array, { x, y, heading, speed }: VehicleState): void {
  [x, y, heading, speed].forEach((value, i) => expect(states[i]).toBeCloseTo(value, 3));
}

describe("a prospect", () => {
  test("of a held action is where its kinematics lead, on the road", () => {
    const action = { acceleration: -2, steering: 0.001 };
    const { ego } = sceneAfter(0);
    const { states } = prospect(heldIntent(action));
    for (let t = 0; t < asked.steps; t++) {
      for (let k = 0; k < 2; k++) advance(ego, action, 0.1);
      expectFirstState(states.subarray(4 * t), ego);
    }
  });

  test("of a policy begins with what the policy really does", () => {
    const policy = untrained();
    expectFirstState(prospect(policyIntent(policy)).states, reallyDriven(createPolicyDriver(policy)));
  });

  test("of a planner begins with what the planner really does, and follows its plan", () => {
    let plan: Plan | null = null;
    const planner = createPlanner(
      {
        model: model(),
        search: "gradient",
        config: PlannerConfig.parse({ horizonSteps: 5, samples: 1 }),
        policy: policyConfig,
        guide: null,
      },
      (ego, made) => {
        expect(ego).toBe(0);
        plan = { ...made, actions: made.actions.slice() };
      },
    );
    const driven = reallyDriven(planner);
    expectFirstState(prospect(planIntent(plan!, policyConfig)).states, driven);
  });

  test("gives views as bytes and costs of every step", () => {
    const { views, costs } = prospect(heldIntent({ acceleration: 0, steering: 0 }));
    const { height, width } = pixelSpecs.laptop;
    expect(views.map(({ length }) => length)).toEqual(asked.shown.map(() => height * width * channelCount));
    expect(Math.max(...views[0]!)).toBeGreaterThan(200);
    for (const values of Object.values(costs)) expect(values).toHaveLength(asked.steps);
  });

  test("is the same for the same stream, another for another one, and frees its tensors", () => {
    const from = start();
    const world = model();
    const policy = untrained();
    const imagine = (seed: string) =>
      imagineProspect(world, from, policyIntent(policy), asked, createRng(seed));
    const first = imagine("one");
    const before = tf.memory().numTensors;
    expect(imagine("one")).toEqual(first);
    expect(imagine("two").views.at(-1)).not.toEqual(first.views.at(-1));
    expect(tf.memory().numTensors).toBe(before);
  });
});

test("a policy that sees other pictures than the model is refused by name", () => {
  const { view } = untrained();
  expect(() => expectSameSight("untrained", { ...view, contextFrames: 20 }, config)).toThrow(
    /^untrained: expected a policy that sees 3 laptop pixel states 2 frames apart as the model does, got 20/,
  );
});

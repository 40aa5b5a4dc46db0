import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng, InputError } from "../../src/core/index.ts";
import { createForwardModel, type ForwardModel } from "../../src/forward-model/index.ts";
import {
  createPlanner,
  createPolicyDriver,
  createPolicyNetwork,
  PlannerConfig,
  type PlannerOptions,
  type Policy,
} from "../../src/policy/index.ts";
import { advance, findCollision, type Action, type VehicleState } from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";
import { config, knowing, policy, sceneWith, type MovingScene } from "./plan-fixture.ts";

useWasm();

const planner = (model: ForwardModel, over: Partial<PlannerOptions> = {}) =>
  createPlanner({
    model,
    search: "gradient",
    config: PlannerConfig.parse({ samples: 1 }),
    policy,
    guide: null,
    ...over,
  });

/** Drives one ego for so many decisions; every state, and whether it touched anybody. */
function drive(options: Partial<PlannerOptions>, scene: MovingScene, decisions: number) {
  const session = planner(knowing(scene), options).begin(1, createRng("drive"));
  const action: Action = { acceleration: 0, steering: 0 };
  const states: VehicleState[] = [];
  let touched = false;
  for (let d = 0; d < decisions; d++) {
    session.act([scene], [action]);
    for (let k = 0; k < 2; k++) {
      advance(scene.ego, action, 0.1);
      touched ||= findCollision(scene.ego, scene.shape, scene.traffic) !== null;
    }
    states.push({ ...scene.ego });
  }
  session.dispose();
  return { states, touched };
}

describe.each(["gradient", "cem"] as const)("planning by %s", (search) => {
  test("brakes for a car that stands in the only lane", () => {
    const { states, touched } = drive({ search }, sceneWith({}, [{ x: 235, y: 0 }], 1), 25);
    expect(touched).toBe(false);
    expect(states.at(-1)!.speed).toBeLessThan(2);
  });

  test("pays its own prices, not a policy's: who prices nothing keeps its speed", () => {
    const config = PlannerConfig.parse({
      samples: 1,
      weights: { proximity: 0, lane: 0, offroad: 0 },
      cem: { spread: 0.01 },
    });
    const { states } = drive({ search, config }, sceneWith({}, [{ x: 235, y: 0 }], 1), 5);
    expect(states.at(-1)!.speed).toBeCloseTo(12, 1);
  });

  test("comes back to the middle of its lane and stays there", () => {
    const { states } = drive({ search }, sceneWith({ y: -4.4 }, []), 30);
    for (const { y, heading } of states.slice(15)) {
      expect(Math.abs(y + 3.7)).toBeLessThan(0.4);
      expect(Math.abs(heading)).toBeLessThan(0.05);
    }
  });

  test("gives the same actions for the same seed, whoever else is planned for, and frees its tensors", () => {
    const model = createForwardModel(config, createRng("model"));
    const settings = PlannerConfig.parse({ cem: { candidates: 4, elites: 2 } });
    const act = (speeds: readonly (number | null)[]): Action[] => {
      const session = planner(model, { search, config: settings }).begin(speeds.length, createRng("seed"));
      const scenes = speeds.map((speed) =>
        speed === null ? null : sceneWith({ speed }, [{ x: 220, y: -3.7 }]),
      );
      const actions = scenes.map(() => ({ acceleration: 9, steering: 9 }));
      for (let d = 0; d < 2; d++) session.act(scenes, actions);
      session.dispose();
      return actions;
    };
    const [alone] = act([12]);
    const tensors = tf.memory().numTensors;
    const [first, gone, last] = act([12, null, 20]);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(first).toEqual(alone);
    expect(gone).toEqual({ acceleration: 9, steering: 9 });
    expect(last).not.toEqual(first);
    model.dispose();
  });
});

describe("a planner", () => {
  const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
  const guideWith = (deviation: number): Policy => ({
    name: "guide",
    config: policy,
    view,
    network: createPolicyNetwork(policy, view, createRng("guide")),
    calibration: { cost: { mean: [0, 0, 0, 0, 0], deviation: Array.from({ length: 5 }, () => deviation) } },
  });

  test("that may not improve its plan does what its guide does", () => {
    const model = createForwardModel(config, createRng("model"));
    const guide = guideWith(1);
    const idle = PlannerConfig.parse({ gradient: { iterations: 0 } });
    const drivers = [planner(model, { guide, config: idle }), createPolicyDriver(guide)];
    const actions = drivers.map((driver) => {
      const session = driver.begin(1, createRng("guided"));
      const scene = sceneWith({ speed: 15 }, [{ x: 225, y: -3.7 }]);
      const action: Action = { acceleration: 0, steering: 0 };
      for (let d = 0; d < 4; d++) {
        session.act([scene], [action]);
        for (let k = 0; k < 2; k++) advance(scene.ego, { acceleration: -1, steering: 0.001 }, 0.1);
      }
      return action;
    });
    expect(actions[0]!.acceleration).toBeCloseTo(actions[1]!.acceleration, 3);
    expect(actions[0]!.steering).toBeCloseTo(actions[1]!.steering, 5);
  });

  test("counts the model's doubt where it can compare it with what is usual, and refuses where it cannot", () => {
    const model = createForwardModel(config, createRng("model"));
    const doubting = PlannerConfig.parse({ masks: 2, horizonSteps: 5 });
    expect(() => planner(model, { config: doubting })).toThrow(InputError);
    const guide = guideWith(1e-9);
    const action = actOnce(model, { config: doubting, guide });
    const careless = actOnce(model, { config: { ...doubting, masks: 0 }, guide });
    expect(Number.isFinite(action.acceleration)).toBe(true);
    expect(action).not.toEqual(careless);
    // What is usual was measured at the guide's prices: doubt counts at those, whatever a plan pays.
    const free = { proximity: 0, lane: 0, offroad: 0, action: 0, jerk: 0 };
    const doubtful = PlannerConfig.parse({ ...doubting, weights: free });
    const gentle = { ...doubtful, masks: 0 };
    expect(actOnce(model, { config: doubtful, guide })).not.toEqual(
      actOnce(model, { config: gentle, guide }),
    );
  });

  test.each([
    ["coupled", "compact"],
    ["kinematic", "compact"],
  ] as const)("plans through a %s model within its bounds", (family, network) => {
    const model = createForwardModel({ ...config, family, network }, createRng("model"));
    for (const search of ["gradient", "cem"] as const) {
      // A fresh model hardly heeds actions: longer steps would find nothing cheaper.
      const gradient = { learningRate: 0.02 };
      const settings = PlannerConfig.parse({ horizonSteps: 3, gradient, cem: { candidates: 3, elites: 2 } });
      const tensors = tf.memory().numTensors;
      const action = actOnce(model, { search, config: settings });
      expect(tf.memory().numTensors).toBe(tensors);
      expect(action.acceleration).not.toBe(0);
      expect(Math.abs(action.acceleration)).toBeLessThanOrEqual(policy.maxAcceleration);
      expect(Math.abs(action.steering * 12 ** 2)).toBeLessThanOrEqual(policy.maxLateralAcceleration);
    }
  });

  function actOnce(model: ForwardModel, over: Partial<PlannerOptions>): Action {
    const session = planner(model, over).begin(1, createRng("once"));
    const action: Action = { acceleration: 0, steering: 0 };
    session.act([sceneWith({}, [{ x: 215, y: -3.7 }])], [action]);
    return action;
  }
});

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng, InputError } from "../../src/core/index.ts";
import {
  createForwardModel,
  driveThrough,
  ForwardModelConfig,
  toFractions,
  type ForwardModel,
} from "../../src/forward-model/index.ts";
import {
  adamOfPlan,
  createLookBack,
  createPlanner,
  createPolicyDriver,
  createPolicyNetwork,
  descend,
  imagineFutures,
  judgeOf,
  packPlans,
  PlannerConfig,
  PolicyConfig,
  refit,
  type PlannerOptions,
  type Policy,
} from "../../src/policy/index.ts";
import {
  advance,
  channelCount,
  createRenderer,
  createTraffic,
  findCollision,
  pixelSpecs,
  straightRoad,
  type Action,
  type Scene,
  type Traffic,
  type VehicleState,
} from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";

useWasm();

const spec = pixelSpecs.laptop;
const config = ForwardModelConfig.parse({ stemChannels: 4, hiddenChannels: 8, latentSize: 2 });
const policy = PolicyConfig.parse({ channels: [4, 4, 8], hidden: 8, horizonSteps: 5 });
const car = { length: 4.6, width: 1.9 };
type MovingScene = Scene & { readonly ego: VehicleState };

/** An ego in the middle of one of three lanes, or on the only one, and cars that stand. */
function sceneWith(
  ego: Partial<VehicleState>,
  standing: readonly { x: number; y: number }[],
  lanes = 3,
): MovingScene {
  const traffic = createTraffic(standing.length);
  standing.forEach(({ x, y }, i) => {
    traffic.id[i] = i;
    traffic.x[i] = x;
    traffic.y[i] = y;
    traffic.length[i] = car.length;
    traffic.width[i] = car.width;
  });
  traffic.count = standing.length;
  return {
    road: straightRoad("straight", 1000, lanes),
    traffic,
    ego: { x: 200, y: lanes === 1 ? 0 : -3.7, heading: 0, speed: 12, ...ego },
    shape: car,
    recordedAction: null,
  };
}

/** A model that knows: whoever stands, stands; pictures are rendered exactly. */
function knowing({
  road,
  traffic,
}: {
  readonly road: Scene["road"];
  readonly traffic: Traffic;
}): ForwardModel {
  const model = createForwardModel(config, createRng("unused"));
  const size = spec.height * spec.width * channelCount;
  return {
    ...model,
    imagine(start, steps) {
      const renderer = createRenderer(spec, road);
      const world = Array.from({ length: steps }, (_, t) => {
        const bytes = new Uint8Array(start.count * size);
        start.frames.forEach(({ x, y, speed }, b) => {
          renderer.render({ x: x + speed * 0.2 * (t + 1), y, heading: 0 }, traffic, -1, bytes, b * size);
        });
        return toFractions(bytes);
      });
      return driveThrough(world, start, config);
    },
  };
}

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

describe("the objective of a plan", () => {
  const scene = sceneWith({}, [{ x: 236, y: -3.7 }]);
  const settings = PlannerConfig.parse({ samples: 1 });
  const objective = { ...policy, usual: null };
  const futures = (of = scene) => {
    const lookBack = createLookBack(config, 1);
    lookBack.see([of]);
    return imagineFutures(knowing(of), lookBack.startOf([0]), settings, [createRng("futures")]);
  };
  const fresh = () => [new Float32Array(2 * settings.horizonSteps)];
  const costOf = (plans: readonly Float32Array[]): number => {
    const world = futures();
    const cost = tf.tidy(() => judgeOf(world, 1, objective)(packPlans(plans)).dataSync()[0]!);
    world.dispose();
    return cost;
  };

  test("never rises in a descent, whose costs are told", () => {
    const plans = fresh();
    const adams = [adamOfPlan(plans[0]!.length, settings.gradient)];
    const judge = judgeOf(futures(), 1, objective);
    const costs = [costOf(plans)];
    for (let i = 0; i < 12; i++) {
      const { before, after } = descend(judge, plans, adams, { ...settings.gradient, iterations: 1 });
      expect([before[0], after[0]]).toEqual([costs.at(-1), costOf(plans)]);
      costs.push(after[0]!);
    }
    expect(costs.at(-1)!).toBeLessThan(0.25 * costs[0]!);
    expect(costs.filter((cost, i) => i > 0 && cost > costs[i - 1]!)).toEqual([]);
  });

  test("keeps a plan that no step makes cheaper", () => {
    const plans = fresh();
    const leap = [adamOfPlan(plans[0]!.length, { ...settings.gradient, learningRate: 50 })];
    const { before, after } = descend(
      judgeOf(futures(sceneWith({}, [])), 1, objective),
      plans,
      leap,
      settings.gradient,
    );
    expect(after).toEqual(before);
    expect(plans).toEqual(fresh());
  });

  test("asks of the first action not to jump from what the ego has just done", () => {
    const lookBack = createLookBack(config, 2);
    // Both go 20 m/s now; one has braked with 2 m/s² and turned left with 1 m/s² of lateral acceleration until now.
    const going = (speed: number, heading: number): Scene => sceneWith({ speed, heading }, []);
    const ago = (steps: number): Scene => going(20 + 0.4 * steps, (-0.2 / 20) * steps);
    for (const steps of [2, 1, 0]) lookBack.see([going(20, 0), ago(steps)]);
    const world = imagineFutures(knowing(scene), lookBack.startOf([0, 1]), settings, [
      createRng("one"),
      createRng("other"),
    ]);
    const nothing = { ...policy.weights };
    for (const name of Object.keys(nothing) as (keyof typeof nothing)[]) nothing[name] = 0;
    const judged = { ...objective, weights: { ...nothing, jerk: 1 }, discount: 1 };
    const [steady, slowing] = tf.tidy(() => [
      ...judgeOf(world, 1, judged)(packPlans([fresh()[0]!, fresh()[0]!])).dataSync(),
    ]);
    world.dispose();
    expect(steady).toBeCloseTo(0, 6);
    // Both accelerations go to zero within a step of 0.2 s, once in as many steps as there are.
    expect(slowing).toBeCloseTo(((2 / 0.2) ** 2 + (1 / 0.2) ** 2) / settings.horizonSteps, 2);
  });

  test("is brought to about the same value by both searches", () => {
    const [descended, fitted] = [fresh(), fresh()];
    const adams = [adamOfPlan(descended[0]!.length, settings.gradient)];
    descend(judgeOf(futures(), 1, objective), descended, adams, { ...settings.gradient, iterations: 30 });
    const cem = { ...settings.cem, iterations: 10, candidates: 40 };
    refit(judgeOf(futures(), cem.candidates, objective), fitted, [createRng("cem")], cem);
    expect(costOf(descended) / costOf(fitted)).toBeCloseTo(1, 0.5);
    expect(descended[0]![0]! * fitted[0]![0]!).toBeGreaterThan(0);
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
      const settings = PlannerConfig.parse({ horizonSteps: 3, cem: { candidates: 3, elites: 2 } });
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

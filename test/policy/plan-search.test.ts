import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import {
  adamOfPlan,
  createLookBack,
  descend,
  imagineFutures,
  judgeOf,
  packPlans,
  PlannerConfig,
  refit,
} from "../../src/policy/index.ts";
import type { Scene } from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";
import { config, knowing, policy, sceneWith } from "./plan-fixture.ts";

useWasm();

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
    const cem = { ...settings.cem, iterations: 10, candidates: 40, spread: 0.6, smoothness: 0.8 };
    refit(judgeOf(futures(), cem.candidates, objective), fitted, [createRng("cem")], cem);
    expect(costOf(descended) / costOf(fitted)).toBeCloseTo(1, 0.5);
    expect(descended[0]![0]! * fitted[0]![0]!).toBeGreaterThan(0);
  });
});

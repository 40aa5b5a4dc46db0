import * as tf from "@tensorflow/tfjs";
import { egoStateSize, stepSeconds } from "../forward-model/index.ts";
import { accelerationsOf, actionCost, jerkCost } from "../policy/index.ts";
import { numbersOf } from "../tensor/index.ts";
import { numbers } from "./futures.ts";
import type { ExaminedWindows, WindowSource } from "./windows.ts";

/** Squares of accelerations and of their changes, [T, B] each; the first change is from what the human did before "now", where that is known. */
export function comfortCosts(
  { config }: Pick<WindowSource, "config">,
  { egos, count }: ExaminedWindows,
  states: readonly Float32Array[],
  actions: readonly Float32Array[],
): { action: Float32Array; jerk: Float32Array } {
  const now = config.contextFrames - 1;
  return numbersOf(() => {
    const way = {
      states: [egos.egoStates[now]!, ...states].map((state) => tf.tensor2d(state, [count, egoStateSize])),
      actions: [egos.actions[now - 1] ?? actions[0]!, ...actions].map((action) =>
        tf.tensor2d(action, [count, 2]),
      ),
    };
    const accelerations = accelerationsOf(way, stepSeconds(config));
    return {
      action: numbers(actionCost(accelerations)).subarray(count),
      jerk: numbers(jerkCost(accelerations, stepSeconds(config))),
    };
  });
}

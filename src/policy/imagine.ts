import {
  rollOutWorld,
  toFractions,
  worldStart,
  type ForwardModel,
  type RolloutNoise,
  type WorldWindows,
} from "../forward-model/index.ts";
import { numbersOf } from "../tensor/index.ts";
import type { World } from "./roll-out.ts";

/** The world as `model` imagines it, `steps` steps on; no gradient is kept. */
export function imagineWorld(
  model: ForwardModel,
  windows: Pick<WorldWindows, "context" | "ego">,
  steps: number,
  noise: RolloutNoise,
): World {
  return numbersOf(() => {
    const { predicted } = rollOutWorld(model, worldStart(windows, model.config), steps, noise);
    return predicted.map((frame) => frame.dataSync() as Float32Array);
  });
}

/** The world as it really went on: log-replay, the upper bound for every model. */
export function replayWorld(windows: WorldWindows): World {
  return windows.future.map(toFractions);
}

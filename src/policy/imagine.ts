import {
  rollOutWorld,
  toFractions,
  toPixelTensor,
  type ForwardModel,
  type RolloutNoise,
  type WorldWindows,
} from "../forward-model/index.ts";
import { numbersOf } from "../tensor/index.ts";
import type { World } from "./roll-out.ts";

/** The world as `model` imagines it, `steps` steps on; no gradient is kept. */
export function imagineWorld(
  model: ForwardModel,
  windows: WorldWindows,
  steps: number,
  noise: RolloutNoise,
): World {
  return numbersOf(() => {
    const context = windows.context.map((bytes) => toPixelTensor(bytes, model.config));
    return rollOutWorld(model, context, steps, noise).predicted.map(
      (frame) => frame.dataSync() as Float32Array,
    );
  });
}

/** The world as it really went on: log-replay, the upper bound for every model. */
export function replayWorld(windows: WorldWindows): World {
  return windows.future.map(toFractions);
}

import * as tf from "@tensorflow/tfjs";
import { channels, type PixelSpec } from "../../sim/index.ts";
import { meanUnderMasks, type CostInputs } from "./masks.ts";

/** Cost of off-road ground under or within a meter of the ego, [N]: 4 Σ m·b / Σ m. */
export function offroadCost(spec: PixelSpec, inputs: CostInputs): tf.Tensor1D {
  const ground = meanUnderMasks(spec, inputs, channels.offroad, (ego) => {
    const halfLength = inputs.length[ego]! / 2;
    const halfWidth = inputs.width[ego]! / 2;
    return {
      along: { near: halfLength, far: halfLength + 1 },
      across: { near: halfWidth, far: halfWidth + 1 },
      power: 1,
    };
  });
  return tf.mul(ground, 4);
}

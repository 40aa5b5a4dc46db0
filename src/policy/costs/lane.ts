import * as tf from "@tensorflow/tfjs";
import { channels, type PixelSpec } from "../../sim/index.ts";
import { meanUnderMasks, type CostInputs } from "./masks.ts";

const halfLane = 1.85;

/** Cost of lane lines under the ego, [N]: 2 Σ m·r / Σ m, m one along the ego and tapering across over half a lane. */
export function laneCost(spec: PixelSpec, inputs: CostInputs): tf.Tensor1D {
  const lines = meanUnderMasks(spec, inputs, channels.lane, (ego) => {
    const halfLength = inputs.length[ego]! / 2;
    return {
      along: { near: halfLength, far: halfLength + 1 },
      across: { near: 0, far: halfLane },
      power: 1,
    };
  });
  return tf.mul(lines, 2);
}

import * as tf from "@tensorflow/tfjs";
import { toFractions } from "../../forward-model/index.ts";
import { laneCost, offroadCost, proximityCost } from "../../policy/index.ts";
import { channelCount, type PixelSpec, type VehicleShape } from "../../sim/index.ts";
import type { Snapshot } from "../protocol.ts";

/** What one pixel state costs the ego in its center, by the terms that policies are trained on. */
export function pixelStateCosts(
  pixels: Uint8Array,
  spec: PixelSpec,
  shape: VehicleShape,
  speed: number,
): Snapshot["costs"] {
  return tf.tidy(() => {
    const values = toFractions(pixels);
    const inputs = {
      pixels: tf.tensor4d(values, [1, spec.height, spec.width, channelCount]),
      values,
      pose: null,
      speed: Float32Array.of(speed),
      length: Float32Array.of(shape.length),
      width: Float32Array.of(shape.width),
    };
    const value = (cost: tf.Tensor1D): number => cost.dataSync()[0];
    return {
      proximity: value(proximityCost(spec, inputs)),
      lane: value(laneCost(spec, inputs)),
      offroad: value(offroadCost(spec, inputs)),
    };
  });
}

import * as tf from "@tensorflow/tfjs";
import { toFractions } from "../../forward-model/index.ts";
import { laneCost, offroadCost, pixelDistances, proximityCost } from "../../policy/index.ts";
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
    const scalar = (value: number): tf.Tensor3D => tf.tensor3d([value], [1, 1, 1]);
    const inputs = {
      pixels: tf.tensor4d(toFractions(pixels), [1, spec.height, spec.width, channelCount]),
      x: scalar(0),
      y: scalar(0),
      heading: scalar(0),
      speed: scalar(speed),
      length: scalar(shape.length),
      width: scalar(shape.width),
    };
    const distances = pixelDistances(spec, inputs);
    const value = (cost: tf.Tensor1D): number => cost.dataSync()[0];
    return {
      proximity: value(proximityCost(spec, distances, inputs)),
      lane: value(laneCost(distances, inputs)),
      offroad: value(offroadCost(distances, inputs)),
    };
  });
}

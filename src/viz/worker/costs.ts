import * as tf from "@tensorflow/tfjs";
import { toFractions } from "../../forward-model/index.ts";
import { mapWorldCosts, worldCosts } from "../../policy/index.ts";
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
    const sizes = { length: Float32Array.of(shape.length), width: Float32Array.of(shape.width) };
    const scene = {
      pixels: tf.tensor4d(toFractions(pixels), [1, spec.height, spec.width, channelCount]),
      pose: null,
    };
    const costs = worldCosts(spec, sizes, [{ state: tf.tensor2d([[0, 0, 0, speed]]), scene }]);
    return mapWorldCosts(costs, (cost) => cost.dataSync()[0]);
  });
}

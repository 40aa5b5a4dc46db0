import * as tf from "@tensorflow/tfjs";
import { channels } from "../sim/index.ts";
import { rollOutWorld, type SeparatedModel } from "./world-rollout.ts";
import type { RolloutNoise } from "./noise.ts";
import { channelOf } from "./pixels.ts";
import { toPixelTensor, worldStart, type WorldWindows } from "./world-windows.ts";

/** Mean square error of the traffic channel at each step, of the model and of a world that stands still. */
export interface OpenLoopErrors {
  readonly predicted: readonly number[];
  readonly copied: readonly number[];
}

/** Open-loop errors on held-out windows: latents from the prior, no look at the future. Does not free `noise`. */
export function evaluateWorld(
  model: SeparatedModel,
  windows: WorldWindows,
  noise: RolloutNoise,
): OpenLoopErrors {
  return tf.tidy(() => {
    const start = worldStart(windows, model.config);
    const target = windows.future.map((bytes) => toPixelTensor(bytes, model.config));
    const last = start.context[start.context.length - 1]!;
    const { predicted } = rollOutWorld(model, start, target.length, noise);
    const error = (a: tf.Tensor4D, b: tf.Tensor4D): number =>
      tf
        .mean(tf.squaredDifference(channelOf(a, channels.traffic), channelOf(b, channels.traffic)))
        .dataSync()[0]!;
    return {
      predicted: predicted.map((next, t) => error(next, target[t]!)),
      copied: target.map((next) => error(last, next)),
    };
  });
}

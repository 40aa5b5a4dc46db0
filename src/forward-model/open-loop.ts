import * as tf from "@tensorflow/tfjs";
import { channels } from "../sim/index.ts";
import type { Lesson } from "./model.ts";
import type { RolloutNoise } from "./noise.ts";
import { channelOf } from "./pixels.ts";

/** Mean square error of the traffic channel at each step. */
export interface OpenLoopErrors {
  /** Of the model, with latents from the prior. */
  readonly predicted: readonly number[];
  /** With latents that are told the future at every step. */
  readonly told: readonly number[];
  /** Of a picture that stays as it is. */
  readonly copied: readonly number[];
}

/** Open-loop errors on held-out windows. Does not free `noise`. */
export function evaluateLesson(lesson: Lesson, noise: RolloutNoise): OpenLoopErrors {
  const errorsOf = (reveal: boolean): { errors: number[]; copied: number[] } => {
    const { predicted, target, last } = lesson({ ...noise, withheld: [] }, reveal);
    const error = (a: tf.Tensor4D, b: tf.Tensor4D): number =>
      tf
        .mean(tf.squaredDifference(channelOf(a, channels.traffic), channelOf(b, channels.traffic)))
        .dataSync()[0]!;
    return {
      errors: predicted.map((next, t) => error(next, target[t]!)),
      copied: target.map((next) => error(last, next)),
    };
  };
  const { errors, copied } = tf.tidy(() => errorsOf(false));
  return { predicted: errors, copied, told: tf.tidy(() => errorsOf(true).errors) };
}

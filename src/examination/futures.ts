import * as tf from "@tensorflow/tfjs";
import {
  disposeNoise,
  drawNoise,
  driveThrough,
  egoStateSize,
  meanNoise,
  moveEgo,
  replayWorld,
  rollOut,
  viewOf,
  type ForwardModel,
  type ForwardModelConfig,
  type Imagination,
  type ImaginedStep,
  type RolloutNoise,
} from "../forward-model/index.ts";
import type { Rng } from "../core/index.ts";
import { pixelSpecs } from "../sim/index.ts";
import { numbersOf } from "../tensor/index.ts";
import type { ExaminedWindows } from "./windows.ts";

/** Something that can say how the world goes on: gives `use` an imagination and frees what it needed afterwards. */
export type Future = <T>(windows: ExaminedWindows, steps: number, use: (imagination: Imagination) => T) => T;

/** The future in which the latent is its prior's mean and nothing is dropped. */
export function deterministicFuture(model: ForwardModel): Future {
  return noisyFuture(model, (batch, steps) => meanNoise(model.config, batch, steps));
}

/** A future drawn from the model: latents from the prior, with `dropout` one mask for the whole rollout. */
export function sampledFuture(model: ForwardModel, dropout: boolean, rng: Rng, first: number): Future {
  return noisyFuture(model, (batch, steps) => drawNoise(model.config, { batch, steps, dropout }, rng, first));
}

function noisyFuture(model: ForwardModel, noiseOf: (batch: number, steps: number) => RolloutNoise): Future {
  return (windows, steps, use) => {
    const noise = noiseOf(windows.count, steps);
    try {
      return use(model.imagine(windows, steps, noise));
    } finally {
      disposeNoise(noise);
    }
  };
}

/** What really came, as a future: the ceiling of every model that moves egos through a world. */
export function recordedFuture(config: ForwardModelConfig): Future {
  return (windows, steps, use) =>
    use(driveThrough(replayWorld(windows.world).slice(0, steps), windows, config));
}

/** `noise` with the latent at its prior's mean, as in `meanNoise`, and its masks as they are; takes it over. */
export function withoutLatentNoise(config: ForwardModelConfig, noise: RolloutNoise): RolloutNoise {
  const [batch, steps] = [noise.latent?.[0]?.shape[0] ?? 0, noise.latent?.length ?? 0];
  tf.dispose([...(noise.latent ?? [])]);
  return { ...noise, latent: meanNoise(config, batch, steps).latent };
}

/** A future as numbers, one entry per step. */
export interface Seen {
  /** In the frame in which it was imagined, [B, H, W, C]. */
  readonly pixels: readonly Float32Array[];
  /** From the ego, [B, H, W, C]. */
  readonly views: readonly Float32Array[];
  /** [B, 4] */
  readonly states: readonly Float32Array[];
  /** Whether it was imagined in the ego's own frame; else in the moving one. */
  readonly centered: boolean;
}

/** Lets the egos do `actions` (T × [B, 2]) in a future; `read` turns the steps into numbers. */
export function ask<T>(
  future: Future,
  windows: ExaminedWindows,
  actions: readonly Float32Array[],
  read: (steps: readonly ImaginedStep[]) => T,
): T {
  return future(windows, actions.length, (imagination) =>
    numbersOf(() => {
      const act = (_: unknown, t: number): tf.Tensor2D => tf.tensor2d(actions[t]!, [windows.count, 2]);
      return read(rollOut(imagination, actions.length, act, 0).steps);
    }),
  );
}

/** What is seen when the egos do `actions` in a future. */
export function see(
  future: Future,
  windows: ExaminedWindows,
  config: ForwardModelConfig,
  actions: readonly Float32Array[],
): Seen {
  return ask(future, windows, actions, (steps) => ({
    pixels: steps.map(({ scene }) => numbers(scene.pixels)),
    views: steps.map(({ scene }) => numbers(viewOf(pixelSpecs[config.pixels], scene))),
    states: steps.map(({ state }) => numbers(state)),
    centered: steps[0]!.scene.pose === null,
  }));
}

/** The values of a tensor. */
export const numbers = (x: tf.Tensor): Float32Array => x.dataSync() as Float32Array;

/** The states [B, 4] to which `actions` lead by the kinematics alone. */
export function movedStates(
  windows: ExaminedWindows,
  actions: readonly Float32Array[],
  stepFrames: number,
): Float32Array[] {
  return numbersOf(() => {
    let state = tf.tensor2d(windows.states.at(-1)!, [windows.count, egoStateSize]);
    return actions.map((action) => {
      state = moveEgo(state, tf.tensor2d(action, [windows.count, 2]), stepFrames);
      return state.dataSync() as Float32Array;
    });
  });
}

import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import type { ForwardModelConfig } from "./config.ts";
import { channelCount } from "../sim/index.ts";
import { numbersOf } from "../tensor/index.ts";
import { driveThrough, type World } from "./drive-through.ts";
import { createWorldNetwork, type WorldNetwork } from "./families/separated.ts";
import type { ImaginationStart } from "./imagination.ts";
import { codesName, createLatent, latentAt, type Inferred, type Latent } from "./latents/index.ts";
import type { ForwardModel, Lesson } from "./model.ts";
import type { Mass } from "./mass.ts";
import { dropped, type MovingMass } from "./moving-mass.ts";
import type { RolloutNoise } from "./noise.ts";
import { motionClues, moveMass, observeMass, pictureOfTraffic } from "./traffic-motion.ts";
import { drawWorldWindows, toPixelTensor, worldStart, type WorldWindows } from "./world-windows.ts";

/** A model of the separated family. */
export interface SeparatedModel extends ForwardModel {
  readonly network: WorldNetwork;
  readonly latent: Latent | null;
  /** What a batch of windows teaches. */
  lessonOf(windows: WorldWindows): Lesson;
}

/** Creates a model with fresh parameters drawn from `rng`. */
export function createSeparatedModel(config: ForwardModelConfig, rng: Rng): SeparatedModel {
  const network = createWorldNetwork(config, rng);
  const model: SeparatedModel = {
    config,
    network,
    latent: createLatent(config),
    parameters: network.parameters,
    imagine: (start, steps, noise) =>
      driveThrough(imagineWorld(model, start.world, steps, noise), start, config),
    inferLatents: ({ world }, future, noise) =>
      numbersOf(() => {
        const target = future.world.map((bytes) => toPixelTensor(bytes, config));
        const told = { ...noise, withheld: [] };
        const { inferred } = rollOutWorld(model, worldStart(world, config), target.length, told, target);
        return inferred.map(({ z }) => z.dataSync() as Float32Array);
      }),
    drawLesson: (sampler, steps, rng, first, count) =>
      model.lessonOf(drawWorldWindows(sampler, config, steps, rng, first, count)),
    lessonOf: (windows) => (noise, reveal) => {
      const start = worldStart(windows, config);
      const target = windows.future.map((bytes) => toPixelTensor(bytes, config));
      const rollout = rollOutWorld(model, start, target.length, noise, reveal ? target : null);
      return { ...rollout, target, last: start.context.at(-1)!, states: null };
    },
    dispose: () => network.parameters.dispose(),
  };
  return model;
}

/** The world `steps` steps on, as plain numbers: no action has a part in it. */
function imagineWorld(
  model: SeparatedModel,
  windows: ImaginationStart["world"],
  steps: number,
  noise: RolloutNoise,
): World {
  return numbersOf(() => {
    const { predicted } = rollOutWorld(model, worldStart(windows, model.config), steps, noise);
    return predicted.map((frame) => frame.dataSync() as Float32Array);
  });
}

/** What a rollout of the world gives: predicted pixel states, and the latents inferred where the future was given. */
export type WorldRollout = {
  readonly predicted: readonly tf.Tensor4D[];
  readonly inferred: readonly Inferred[];
};

/** What is known at "now", in the window's moving frame. */
export type WorldStart = {
  /** Tc × [B, H, W, C] in [0, 1], oldest first; without the ego. */
  readonly context: readonly tf.Tensor4D[];
  readonly ego: EgoInWorld;
};

/**
 * The ego as others see it. It is no part of the world that is predicted, but recorded followers kept their distance
 * from it; a model that does not know of it lets them drive into the gap.
 */
export type EgoInWorld = {
  /** Its rectangle in the center of the grid. */
  readonly mass: Mass;
  /** Rows and columns from there to where it is, B pairs. */
  readonly offset: Float32Array;
  /** Rows per step that it moves in the frame if it goes on as it goes, B numbers. */
  readonly velocity: Float32Array;
};

/**
 * Unrolls the world for `steps` steps; each prediction is the newest frame of the next context. The ground stays as
 * it was seen last.
 * @param target the true next frames, steps × [B, H, W, C]: the latent then comes from the posterior, but for
 *   the steps of which `noise` withholds it. Null: every latent comes from the prior.
 */
export function rollOutWorld(
  model: SeparatedModel,
  start: WorldStart,
  steps: number,
  noise: RolloutNoise,
  target: readonly tf.Tensor4D[] | null = null,
): WorldRollout {
  const { network } = model;
  const predicted: tf.Tensor4D[] = [];
  const inferred: Inferred[] = [];
  let frames = [...start.context];
  let moving = observeMass(frames, model.config);
  for (let t = 0; t < steps; t++) {
    const last = frames[frames.length - 1]!;
    const encoding = network.encode(frames, clues(moving, start.ego, t), noise.masks);
    const next = target?.[t];
    const latent = latentAt(model.latent, noise, t, {
      posterior: next === undefined ? null : () => network.posterior(encoding, last, next),
      prior: () => network.prior(encoding),
      codes: model.parameters.variables[codesName] ?? null,
    });
    if (latent.inferred !== null) inferred.push(latent.inferred);
    const fields = network.decode(encoding, latent.z, noise.masks);
    moving = moveMass(moving, t === 0 ? fields.correction : fields.acceleration, model.config);
    const picture = pictureOf(moving, last);
    predicted.push(picture);
    frames = [...frames.slice(1), picture];
  }
  return { predicted, inferred };
}

/** The world `steps` steps on if all traffic kept the motion that the two newest pictures show: no model at all. */
export function coastedWorld(
  context: readonly Uint8Array[],
  config: Pick<ForwardModelConfig, "pixels" | "stepFrames">,
  steps: number,
): World {
  return numbersOf(() => {
    const pictures = context.map((bytes) => toPixelTensor(bytes, config));
    const last = pictures.at(-1)!;
    let moving = observeMass(pictures, config);
    return Array.from({ length: steps }, () => {
      moving = { ...moving, displacement: tf.add(moving.displacement, moving.velocity) };
      return pictureOf(moving, last).dataSync() as Float32Array;
    });
  });
}

/**
 * What pictures of the traffic do not show, [B, H, W, 4]: where the ego is after `step` steps if it goes on as it goes, and
 * the clues of motion, the ego's momentum included; no gradient flows through it.
 */
function clues(moving: MovingMass, ego: EgoInWorld, step: number): tf.Tensor4D {
  const [B, H, W] = ego.mass.shape;
  const displacement = new Float32Array(B * H * W * 2);
  for (let p = 0; p < B * H * W; p++) {
    const b = Math.floor(p / (H * W));
    displacement[2 * p] = ego.offset[2 * b]! + ego.velocity[b]! * step;
    displacement[2 * p + 1] = ego.offset[2 * b + 1]!;
  }
  const egoPicture = tf.tensor3d(dropped(ego.mass, displacement), [B, H, W]);
  const egoMomentum = tf.mul(egoPicture, tf.tensor3d(ego.velocity, [B, 1, 1]));
  const { along, across, force } = motionClues(moving);
  return tf.stack([egoPicture, tf.add(along, egoMomentum), across, force], 3) as tf.Tensor4D;
}

/** The picture of the moved traffic over the last ground, [B, H, W, C] in [0, 1]. */
function pictureOf(moving: MovingMass, last: tf.Tensor4D): tf.Tensor4D {
  const [lane, , offroad] = tf.split(last, channelCount, 3) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  return tf.concat([lane, pictureOfTraffic(moving), offroad], 3) as tf.Tensor4D;
}

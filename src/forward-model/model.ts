import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import type { ForwardModelConfig } from "./config.ts";
import { channelCount, channels } from "../sim/index.ts";
import { createWorldNetwork, type WorldNetwork } from "./families/separated.ts";
import { reparameterize, type Gaussian } from "./latent.ts";
import { dropMass, sampleAtMass, type MovingMass } from "./moving-mass.ts";
import type { RolloutNoise } from "./noise.ts";
import { observedMotion } from "./observed-motion.ts";

/** A forward model: its configuration and the network that owns its variables. */
export interface ForwardModel {
  readonly config: ForwardModelConfig;
  readonly network: WorldNetwork;
  dispose(): void;
}

/** Creates a model with fresh parameters drawn from `rng`. */
export function createForwardModel(config: ForwardModelConfig, rng: Rng): ForwardModel {
  const network = createWorldNetwork(config, rng);
  return { config, network, dispose: () => network.parameters.dispose() };
}

/** What a rollout of the world gives: predicted pixel states, and the posteriors where the future was given. */
export type WorldRollout = {
  readonly predicted: readonly tf.Tensor4D[];
  readonly posteriors: readonly Gaussian[];
};

/**
 * Unrolls the world for `steps` steps; each prediction is the newest frame of the next context.
 * @param context Tc × [B, H, W, C] in [0, 1], oldest first, in the window's moving frame
 * @param target the true next frames, steps × [B, H, W, C]: the latent then comes from the posterior, but for
 *   the steps that `noise.fromPrior` gives to the prior. Null: every latent comes from the prior N(0, I).
 */
export function rollOutWorld(
  model: ForwardModel,
  context: readonly tf.Tensor4D[],
  steps: number,
  noise: RolloutNoise,
  target: readonly tf.Tensor4D[] | null = null,
): WorldRollout {
  const { network } = model;
  const predicted: tf.Tensor4D[] = [];
  const posteriors: Gaussian[] = [];
  let frames = [...context];
  let moving = observeMass(frames);
  for (let t = 0; t < steps; t++) {
    const last = frames[frames.length - 1]!;
    const encoding = network.encode(frames, momentumPicture(moving), noise.masks);
    let latent = noise.latent?.[t] ?? null;
    if (latent !== null && target !== null && !noise.fromPrior[t]) {
      const posterior = network.posterior(encoding, last, target[t]!);
      posteriors.push(posterior);
      latent = reparameterize(posterior, latent);
    }
    const fields = network.decode(encoding, latent, noise.masks);
    moving = moveMass(moving, t === 0 ? fields.correction : fields.acceleration);
    const next = paint(moving, last, fields.change);
    predicted.push(next);
    frames = [...frames.slice(1), next];
  }
  return { predicted, posteriors };
}

/** The traffic of the newest picture, with the velocity that the two newest pictures show. */
function observeMass(context: readonly tf.Tensor4D[]): MovingMass {
  const mass = trafficOf(context[context.length - 1]!);
  const [B, H, W] = mass.shape;
  const still = tf.zeros<tf.Rank.R4>([B, H, W, 2]);
  if (context.length < 2) return { mass, displacement: still, velocity: still };
  const before = trafficOf(context[context.length - 2]!).dataSync() as Float32Array;
  const rows = observedMotion(before, mass.dataSync() as Float32Array, mass.shape);
  const velocity = tf.stack([tf.tensor3d(rows, mass.shape), tf.zerosLike(mass)], 3) as tf.Tensor4D;
  return { mass, displacement: still, velocity };
}

/** One step of the traffic, whose velocity changes first by what `change` [B, H, W, 2] says at its place. */
function moveMass({ mass, displacement, velocity }: MovingMass, change: tf.Tensor4D): MovingMass {
  const changed = tf.add(velocity, sampleAtMass(mass, displacement, change)) as tf.Tensor4D;
  return { mass, displacement: tf.add(displacement, changed), velocity: changed };
}

/** Mass times velocity along the road where the mass is now, [B, H, W, 1]: what one picture alone does not show. */
function momentumPicture({ mass, displacement, velocity }: MovingMass): tf.Tensor4D {
  const m = mass.dataSync() as Float32Array;
  const v = velocity.dataSync() as Float32Array;
  const momentum = tf.tensor3d(
    m.map((value, p) => value * v[2 * p]!),
    mass.shape,
  );
  const dropped = dropMass(
    momentum,
    tf.tensor4d(displacement.dataSync() as Float32Array, displacement.shape),
  );
  return tf.expandDims(dropped, 3) as tf.Tensor4D;
}

/** The picture of moved traffic over the last ground, with what the network paints, [B, H, W, C] in [0, 1]. */
function paint(moving: MovingMass, last: tf.Tensor4D, change: tf.Tensor4D): tf.Tensor4D {
  const [lane, , offroad] = tf.split(last, channelCount, 3) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  const traffic = tf.expandDims(dropMass(moving.mass, moving.displacement), 3) as tf.Tensor4D;
  return tf.clipByValue(tf.add(tf.concat([lane, traffic, offroad], 3), change), 0, 1);
}

function trafficOf(pixels: tf.Tensor4D): tf.Tensor3D {
  const [B, H, W] = pixels.shape;
  return tf.reshape(tf.slice(pixels, [0, 0, 0, channels.traffic], [B, H, W, 1]), [B, H, W]);
}

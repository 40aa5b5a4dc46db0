import * as tf from "@tensorflow/tfjs";
import { channels, pixelSpecs } from "../sim/index.ts";
import { stepSeconds, type ForwardModelConfig } from "./config.ts";
import { createMass, partsOf } from "./mass.ts";
import { averageOverMass, dropMass, sampleAtMass, type MovingMass } from "./moving-mass.ts";
import { observedDrift } from "./observed-drift.ts";
import { observedAcceleration, observedMotion } from "./observed-motion.ts";
import { channelOf } from "./pixels.ts";

type Scale = Pick<ForwardModelConfig, "pixels" | "stepFrames">;

/** Beyond these, what pictures seem to show is not believed: along the road [m/s²] and across it [m/s]. */
const mostAcceleration = 4;
const mostDrift = 2.5;
/** In which an observed acceleration falls to 1/e [s]; what drivers do lasts about as long. */
const inertiaSeconds = 0.8;

/** Part of the inertia that a step leaves. */
const inertiaKept = (config: Pick<ForwardModelConfig, "stepFrames">): number =>
  Math.exp(-stepSeconds(config) / inertiaSeconds);

/**
 * The traffic of the newest picture, with the motion that the newest pictures show: velocity by two, acceleration by three.
 * @param context pictures [B, H, W, C], oldest first
 */
export function observeMass(context: readonly tf.Tensor4D[], config: Scale): MovingMass {
  const [B, H, W] = context[0]!.shape;
  const shape: [number, number, number] = [B, H, W];
  const pictures = context
    .slice(-3)
    .map((picture) =>
      createMass(channelOf(picture, channels.traffic).dataSync() as Float32Array, shape, config),
    );
  const mass = pictures.at(-1)!;
  const still = tf.zeros<tf.Rank.R4>([...shape, 2]);
  const before = pictures.at(-2);
  if (before === undefined) return { mass, displacement: still, velocity: still, inertia: still };
  const { metersPerRow, metersPerColumn } = pixelSpecs[config.pixels];
  const step = stepSeconds(config);
  const field = (along: Float32Array, across: Float32Array): tf.Tensor4D =>
    tf.stack([tf.tensor3d(along, shape), tf.tensor3d(across, shape)], 3) as tf.Tensor4D;
  const acceleration =
    pictures.length < 3
      ? new Float32Array(B * H * W)
      : observedAcceleration([pictures[0]!, before, mass], (mostAcceleration * step ** 2) / metersPerRow);
  const kept = inertiaKept(config);
  return {
    mass,
    displacement: still,
    velocity: field(
      observedMotion(before, mass),
      observedDrift(before, mass, (mostDrift * step) / metersPerColumn),
    ),
    inertia: field(
      acceleration.map((value) => value * kept),
      new Float32Array(B * H * W),
    ),
  };
}

/** One step of the traffic, whose velocity changes first as it has begun to, and by what `change` [B, H, W, 2] says at its place. */
export function moveMass(
  { mass, displacement, velocity, inertia }: MovingMass,
  change: tf.Tensor4D,
  config: Scale & Pick<ForwardModelConfig, "motion">,
): MovingMass {
  const sampled = sampleAtMass(mass, displacement, change);
  const own = config.motion === "pixels" ? sampled : averageOverMass(mass, sampled);
  const changed = tf.addN([velocity, inertia, own]) as tf.Tensor4D;
  return {
    mass,
    displacement: tf.add(displacement, changed),
    velocity: changed,
    inertia: tf.mul(inertia, inertiaKept(config)),
  };
}

/** The traffic channel where the mass has come to, [B, H, W, 1] in [0, 1]. */
export function pictureOfTraffic({ mass, displacement }: MovingMass): tf.Tensor4D {
  return tf.clipByValue(tf.expandDims(dropMass(mass, displacement), 3), 0, 1);
}

/** Rows per step² that count as one in the clue of force. */
const forceScale = 0.05;

/** Momentum along and across (mass times pixels per step), and force along, how the former changes of itself; [B, H, W] each. */
export type MotionClues = {
  readonly along: tf.Tensor3D;
  readonly across: tf.Tensor3D;
  readonly force: tf.Tensor3D;
};

/** What pictures do not show of how traffic moves, drawn where it is; no gradient flows through it. */
export function motionClues({ mass, displacement, velocity, inertia }: MovingMass): MotionClues {
  const m = mass.values();
  const v = velocity.dataSync() as Float32Array;
  const a = inertia.dataSync() as Float32Array;
  const along = new Float32Array(m.length);
  const across = new Float32Array(m.length);
  const force = new Float32Array(m.length);
  const parts = partsOf(mass, displacement.dataSync() as Float32Array);
  for (let k = 0; k < parts.count; k++) {
    const p = parts.p[k]!;
    const q = parts.q[k]!;
    const share = m[p]! * parts.weight[k]!;
    along[q] = along[q]! + share * v[2 * p]!;
    across[q] = across[q]! + share * v[2 * p + 1]!;
    force[q] = force[q]! + (share * a[2 * p]!) / forceScale;
  }
  const field = (values: Float32Array): tf.Tensor3D => tf.tensor3d(values, [...mass.shape]);
  return { along: field(along), across: field(across), force: field(force) };
}

import * as tf from "@tensorflow/tfjs";
import { channels, pixelSpecs } from "../../sim/index.ts";
import type { ForwardModelConfig } from "../config.ts";
import type { MovingMass } from "../moving-mass.ts";
import { shifted } from "../shifted.ts";
import { moveMass, observeMass, pictureOfTraffic } from "../traffic-motion.ts";
import { partsOf, placesOf, shiftTo, toMeters, toPixels } from "../warp.ts";

/**
 * What an ego sees as things that keep their shape, in its own frame: traffic as mass that moves (moving-mass.ts), and
 * the ground as it was last really seen, read at other places the farther the ego has come.
 */
export type Surroundings = {
  readonly traffic: MovingMass;
  /** Lane and off-road channels as last really seen, [B, H, W, 2]; constant. */
  readonly ground: tf.Tensor4D;
  /** Rows and columns from each pixel to where its ground was seen then, [B, H, W, 2]. */
  readonly groundShift: tf.Tensor4D;
};

/** @param context pictures [B, H, W, C] as seen from the present pose, oldest first */
export function observeSurroundings(
  context: readonly tf.Tensor4D[],
  config: ForwardModelConfig,
): Surroundings {
  const last = context.at(-1)!;
  const [B, H, W] = last.shape;
  return {
    traffic: observeMass(context, config),
    ground: tf.concat(
      [
        tf.slice(last, [0, 0, 0, channels.lane], [-1, -1, -1, 1]),
        tf.slice(last, [0, 0, 0, channels.offroad], [-1, -1, -1, 1]),
      ],
      3,
    ),
    groundShift: tf.zeros([B, H, W, 2]),
  };
}

/** What a network says of a step, at every pixel. */
export type Change = {
  /** Of the velocity of traffic, [B, H, W, 2] in rows and columns per step². */
  readonly velocity: tf.Tensor4D;
  /** How much farther off the ground lies, [B, H, W, 2] in rows and columns; null: it is known. */
  readonly ground: tf.Tensor4D | null;
};

/** Lets the surroundings move on by a step. */
export function moveSurroundings(
  { traffic, ground, groundShift }: Surroundings,
  change: Change,
  config: ForwardModelConfig,
): Surroundings {
  return {
    traffic: moveMass(traffic, change.velocity, config),
    ground,
    groundShift: change.ground === null ? groundShift : tf.add(groundShift, change.ground),
  };
}

/** Their picture, [B, H, W, C] in [0, 1]. */
export function pictureOf({ traffic, ground, groundShift }: Surroundings): tf.Tensor4D {
  const [lane, offroad] = tf.split(shifted(ground, groundShift), 2, 3) as [tf.Tensor4D, tf.Tensor4D];
  return tf.concat([lane, pictureOfTraffic(traffic), offroad], 3);
}

/**
 * The same surroundings once the ego has come to another pose, in closed form: places turn and shift as a rigid body
 * does, velocities turn.
 * @param step from the pose that they are seen from to the new one, [B, 3]: x ahead and y to the left [m], heading [rad]
 * @param whole the same from where the ground was last really seen
 */
export function seenFrom(
  { traffic, ground }: Surroundings,
  step: tf.Tensor2D,
  whole: tf.Tensor2D,
  { pixels }: Pick<ForwardModelConfig, "pixels">,
): Surroundings {
  const spec = pixelSpecs[pixels];
  const { ahead, left } = placesOf(spec);
  const [x, y, cos, sin] = partsOf(step);
  const turned = (along: tf.Tensor, across: tf.Tensor): [tf.Tensor, tf.Tensor] => [
    tf.add(tf.mul(along, cos), tf.mul(across, sin)),
    tf.sub(tf.mul(across, cos), tf.mul(along, sin)),
  ];
  const [dAhead, dLeft] = toMeters(traffic.displacement, spec);
  const place = turned(tf.sub(tf.add(ahead, dAhead), x), tf.sub(tf.add(left, dLeft), y));
  return {
    traffic: {
      ...traffic,
      displacement: toPixels(tf.sub(place[0], ahead), tf.sub(place[1], left), spec),
      velocity: toPixels(...turned(...toMeters(traffic.velocity, spec)), spec),
    },
    ground,
    groundShift: shiftTo(whole, spec),
  };
}

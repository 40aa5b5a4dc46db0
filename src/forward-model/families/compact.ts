import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../../core/index.ts";
import { channelCount, pixelSpecs } from "../../sim/index.ts";
import { createParameters, dense, type ParameterSpecs } from "../../tensor/index.ts";
import { stepSeconds, type ForwardModelConfig } from "../config.ts";
import { egoStateColumns } from "../ego-motion.ts";
import { motionClues } from "../traffic-motion.ts";
import { relativePose, warp } from "../warp.ts";
import type { EgoNetwork } from "./ego-network.ts";
import { stepFeatureCount, stepFeatures } from "./ego-step.ts";
import { createLatentLayers, latentSpecs } from "./latent-layers.ts";
import {
  moveSurroundings,
  observeSurroundings,
  pictureOf,
  seenFrom,
  type Surroundings,
} from "./surroundings.ts";
import {
  createUNet,
  fineCells,
  uNetSpecs,
  type Encoding,
  type Modulate,
  type ModulatedPlace,
  type Variables,
} from "./u-net.ts";

type Memory = {
  readonly surroundings: Surroundings;
  /** The ego when the rollout began, [B, 4]: the kinematic family's frame goes on as it went. */
  readonly start: tf.Tensor2D;
  /** Steps taken. */
  readonly steps: number;
};

type CompactEncoding = Encoding & { readonly modulate: Modulate; readonly memory: Memory };

const actionWidth = 64;
/** Momentum along and across, and force along, of the traffic. */
const clueChannels = 3;
/** 1 m/s² is 0.04 rows per step², and a heading of 0.1 shifts ground 40 m ahead by a column per step: numbers near one. */
const accelerationScale = 0.1;
const groundScale = 0.2;

/**
 * The laptop-sized network of two families. It says how what the ego sees moves (surroundings.ts): how the velocity of
 * traffic changes and, in the coupled family, how the ground passes by. Told of the step that the ego takes, the
 * coupled one has to learn what that does to the view; for the kinematic one, everything has been brought to the next pose
 * before, in closed form. The step enters as a map added to the features and, channel by channel, as their scale and
 * shift: Perez et al., "FiLM: Visual Reasoning with a General Conditioning Layer" (2018).
 */
export function createCompactNetwork(
  config: ForwardModelConfig,
  rng: Rng,
): EgoNetwork<Memory, CompactEncoding> {
  const kinematic = config.family === "kinematic";
  const spec = pixelSpecs[config.pixels];
  const { stemChannels: stem, hiddenChannels: hidden, contextFrames } = config;
  const modulated: { readonly [Place in ModulatedPlace]: number } = { stem, fine: hidden, decoder: hidden };
  const specs: ParameterSpecs = {
    ...uNetSpecs(config, contextFrames * channelCount + clueChannels, kinematic ? 4 : 6),
    step: { shape: [stepFeatureCount(contextFrames), actionWidth], initialize: "he" },
    stepBias: { shape: [actionWidth], initialize: "zeros" },
    stepMap: { shape: [actionWidth, fineCells(config) * hidden], initialize: 0.01 },
    ...Object.fromEntries(
      Object.entries(modulated).flatMap(([place, channels]) => [
        [`${place}Scale`, { shape: [actionWidth, channels], initialize: 0.01 }],
        [`${place}Shift`, { shape: [actionWidth, channels], initialize: 0.01 }],
      ]),
    ),
    ...latentSpecs(config),
  };
  const parameters = createParameters<ParameterSpecs>(specs, rng);
  const v: Variables = parameters.variables;
  const uNet = createUNet(v);
  const latentLayers = createLatentLayers(config, v);
  return {
    parameters,
    knowsKinematics: true,
    toUnits: (state) => state,
    readActions: () => null,
    posterior: latentLayers.posterior,
    prior: latentLayers.prior,
    begin(pictures, states) {
      const start = states.at(-1)!;
      // In the kinematic family traffic moves in a frame that goes on as the ego goes now, so that a stream stands nearly still.
      const seen = kinematic
        ? pictures.map((picture, k) => {
            const ago = pictures.length - 1 - k;
            return ago === 0
              ? picture
              : warp(picture, relativePose(flowed(states[k]!, ago, start), start), spec);
          })
        : pictures;
      return { surroundings: observeSurroundings(seen, config), start, steps: 0 };
    },
    encode(input, { surroundings, start, steps }, masks) {
      const { pictures, states, next } = input;
      const now = kinematic
        ? seenFrom(
            surroundings,
            relativePose(flowed(states.at(-1)!, 1, start), next!),
            relativePose(start, next!),
            config,
          )
        : surroundings;
      const { along, across, force } = motionClues(now.traffic);
      const clues = tf.stack([along, across, force], 3) as tf.Tensor4D;
      const step = dense(stepFeatures(input, stepSeconds(config)), v["step"]!, v["stepBias"]!, { slope: 0 });
      const modulate: Modulate = (place, maps) => {
        const channels = [maps.shape[0], 1, 1, modulated[place]];
        const scale = tf.reshape(tf.add(dense(step, v[`${place}Scale`]!, null), 1), channels);
        const shift = tf.reshape(dense(step, v[`${place}Shift`]!, null), channels);
        return tf.add(tf.mul(maps, scale), shift);
      };
      const encoding = uNet.encode(tf.concat([...pictures, clues], 3), masks, modulate);
      const map = tf.reshape(dense(step, v["stepMap"]!, null), encoding.fine.shape);
      return {
        ...encoding,
        fine: tf.add(encoding.fine, map),
        modulate,
        memory: { surroundings: now, start, steps },
      };
    },
    decode(encoding, latent, masks) {
      const { surroundings, start, steps } = encoding.memory;
      const out = uNet.decode(latentLayers.join(encoding, latent), masks, encoding.modulate);
      const [correction, acceleration, ground] = tf.split(out, kinematic ? 2 : 3, 3) as tf.Tensor4D[];
      const moved = moveSurroundings(
        surroundings,
        {
          velocity: steps === 0 ? correction! : tf.mul(acceleration!, accelerationScale),
          ground: ground === undefined ? null : tf.mul(ground, groundScale),
        },
        config,
      );
      return {
        picture: pictureOf(moved),
        state: null,
        memory: { surroundings: moved, start, steps: steps + 1 },
      };
    },
  };

  /** An ego state [B, 4], carried on for `steps` steps with the speed that the ego had at `start`, along the road. */
  function flowed(state: tf.Tensor2D, steps: number, start: tf.Tensor2D): tf.Tensor2D {
    const speed = tf.slice(start, [0, egoStateColumns.speed], [-1, 1]);
    const along = tf.pad(tf.mul(speed, steps * stepSeconds(config)), [
      [0, 0],
      [0, 3],
    ]);
    return tf.add(state, along);
  }
}

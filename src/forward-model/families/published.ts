import * as tf from "@tensorflow/tfjs";
import { InputError, type Rng } from "../../core/index.ts";
import {
  conv,
  createParameters,
  dense,
  dropout,
  transposedConv,
  type ParameterSpecs,
} from "../../tensor/index.ts";
import type { ForwardModelConfig } from "../config.ts";
import { createLatent } from "../latents/index.ts";
import type { DropoutMasks } from "../noise.ts";
import type { EgoNetwork } from "./ego-network.ts";
import { layerSpecs, mapChannels, mapColumns, mapRows, publishedLayers, slope } from "./published-layers.ts";
import { fromUnits, toUnits } from "./state-units.ts";
import type { Variables } from "./u-net.ts";

type PublishedEncoding = {
  /** Pictures and states, [B, 14, 3, 256]. */
  readonly seen: tf.Tensor4D;
  /** With the action. */
  readonly known: tf.Tensor4D;
  readonly last: tf.Tensor4D;
  /** The last state in the network's units, [B, 4]. */
  readonly state: tf.Tensor2D;
  readonly narrow: tf.Tensor4D;
  readonly masks: DropoutMasks | null;
};

/**
 * The paper's network, layer for layer, on the paper's grid: Henaff, Canziani & LeCun, ICLR 2019, with the sizes of
 * their code. It gets the action and predicts picture and ego state; nothing of the kinematics is told.
 *
 *     h = image(pictures) + state(states) + expand(z) + action(a),   h ← h + narrow(h)
 *     picture = sigmoid(decode(h) + last picture),   state = last state + speed(h)
 *
 * Departures: a dropout mask is held for a whole rollout; states are relative to the start of the window.
 *
 * `narrow` does not depend on h. Its second layer slides a filter of one column over a map of one column with a column of
 * zeros on either side, in strides of two: it meets the zeros alone. So does its fifth. What the four layers
 * before make never arrives, and they never learn: their parameters are there because they are among the published ones,
 * and the rest is computed once for all steps of a rollout (decision 25).
 * @throws InputError for another grid or family, and for a latent per cell
 */
export function createPublishedNetwork(
  config: ForwardModelConfig,
  rng: Rng,
): EgoNetwork<tf.Tensor4D, PublishedEncoding> {
  if (config.pixels !== "paper" || config.family !== "coupled") {
    throw new InputError(
      `forwardModel.network: expected the coupled family and the paper's grid for the published one, got ` +
        `${config.family} and ${config.pixels}.`,
    );
  }
  const latent = createLatent(config);
  if (latent !== null && config.latentPer !== "view") {
    throw new InputError(
      "forwardModel.latentPer: expected view in the published network, whose maps have no cells, got " +
        `${config.latentPer}.`,
    );
  }
  const layers = publishedLayers(config, latent);
  const { convolutions, transposed } = layers;
  const parameters = createParameters<ParameterSpecs>({ ...layerSpecs(layers), ...latent?.parameters }, rng);
  const v: Variables = parameters.variables;

  /** A layer with its dropout; it commutes with the rectifier that the layer ends with. */
  const masked = <T extends tf.Tensor>(y: T, name: string, masks: DropoutMasks | null): T => {
    const mask = masks?.[name];
    if (mask === undefined) return y;
    return dropout(y, y.rank === 2 ? tf.reshape(mask, [mask.shape[0], mask.shape[3]]) : mask);
  };
  const convolved = (x: tf.Tensor4D, name: string, masks: DropoutMasks | null): tf.Tensor4D =>
    masked(conv(x, v[name]!, v[`${name}Bias`]!, convolutions[name]![1]), name, masks);
  const spread = (x: tf.Tensor4D, name: string, masks: DropoutMasks | null): tf.Tensor4D =>
    masked(transposedConv(x, v[name]!, v[`${name}Bias`]!, transposed[name]![1]), name, masks);
  const connected = (x: tf.Tensor2D, name: string, masks: DropoutMasks | null, last = false): tf.Tensor2D =>
    masked(dense(x, v[name]!, v[`${name}Bias`]!, last ? {} : { slope }), name, masks);
  const thrice = (x: tf.Tensor2D, name: string, masks: DropoutMasks | null): tf.Tensor2D => {
    const hidden = connected(connected(x, `${name}1`, masks), `${name}2`, masks);
    return connected(hidden, `${name}3`, masks, true);
  };
  const picture = (x: tf.Tensor4D, name: string, masks: DropoutMasks | null): tf.Tensor4D =>
    convolved(convolved(convolved(x, `${name}1`, masks), `${name}2`, masks), `${name}3`, masks);
  const asMap = (x: tf.Tensor2D): tf.Tensor4D => tf.reshape(x, [-1, mapRows, mapColumns, mapChannels]);
  const flat = (x: tf.Tensor4D): tf.Tensor2D => tf.reshape(x, [x.shape[0], x.size / x.shape[0]]);

  return {
    parameters,
    knowsKinematics: false,
    toUnits,
    readActions(actions, masks) {
      const scaled = tf.mul<tf.Tensor2D>(tf.concat([...actions], 0), actionScales());
      const read = thrice(scaled, "action", masks && repeated(masks, actions.length));
      // The gradient of a split into one piece is broken in tfjs.
      return actions.length === 1 ? [asMap(read)] : tf.split(asMap(read), actions.length);
    },
    begin(pictures, _, masks) {
      const nothing = tf.zeros<tf.Rank.R4>([pictures[0]!.shape[0], 3, 2, 256]);
      return spread(spread(nothing, "narrow5", masks), "narrow6", masks);
    },
    encode({ pictures, units, action }, narrow, masks) {
      const seen = tf.add<tf.Tensor4D>(
        picture(tf.concat([...pictures], 3), "image", masks),
        asMap(thrice(tf.concat([...units], 1), "state", masks)),
      );
      return {
        seen,
        known: tf.add<tf.Tensor4D>(seen, action!),
        last: pictures.at(-1)!,
        state: units.at(-1)!,
        narrow,
        masks,
      };
    },
    posterior: ({ seen, masks }, _, next) =>
      thrice(flat(tf.add(seen, picture(next, "target", masks))), "posterior", masks),
    prior: ({ seen, masks }) => (v["prior1"] === undefined ? null : thrice(flat(seen), "prior", masks)),
    decode({ known, last, state, narrow }, latent, masks) {
      const told =
        latent === null ? known : tf.add<tf.Tensor4D>(known, asMap(connected(latent, "expand", null, true)));
      const h = tf.add<tf.Tensor4D>(told, narrow);
      const decoded = spread(spread(spread(h, "picture1", masks), "picture2", masks), "picture3", masks);
      const cropped = tf.slice(decoded, [0, 0, 0, 0], [-1, 117, -1, -1]);
      const moved = flat(convolved(convolved(h, "speed1", masks), "speed2", masks));
      const change = connected(
        connected(connected(moved, "speed3", masks), "speed4", masks),
        "speed5",
        masks,
        true,
      );
      return {
        picture: tf.sigmoid(tf.add(cropped, last)),
        state: fromUnits(tf.add(state, change)),
        memory: narrow,
      };
    },
  };
}

/** The masks of the layers that read actions, for as many times the rows. */
function repeated(masks: DropoutMasks, times: number): DropoutMasks {
  const names = ["action1", "action2"];
  return Object.fromEntries(names.map((name) => [name, tf.tile(masks[name]!, [times, 1, 1, 1])]));
}

/** Acceleration [m/s²] and steering [1/m] as numbers near one. */
const actionScales = (): tf.Tensor => tf.tensor1d([1, 100]);

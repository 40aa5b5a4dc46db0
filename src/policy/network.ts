import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import { channelCount, pixelSpecs } from "../sim/index.ts";
import { conv, createParameters, dense, type Parameters, type ParameterSpecs } from "../tensor/index.ts";
import type { PolicyConfig } from "./config.ts";
import { createHead } from "./head.ts";

/** What the pixels of a policy look like: they must be those of the model it learned in. */
export interface ViewConfig {
  readonly pixels: keyof typeof pixelSpecs;
  readonly contextFrames: number;
  readonly stepFrames: number;
}

/** What a policy sees of B egos. */
export type Observation = {
  /** Pixel states of the context, oldest first, and the ego channel: [B, H, W, Tc·3 + 1] in [0, 1]. */
  readonly views: tf.Tensor4D;
  /** Speed [m/s] and heading [rad] at each context frame: [B, 2·Tc], pairs, oldest first. */
  readonly motion: tf.Tensor2D;
};

/** A policy: pixel states and ego state → action. */
export interface PolicyNetwork {
  readonly parameters: Parameters<ParameterSpecs>;
  /**
   * [B, 2]: acceleration [m/s²] and steering [1/m]; the most likely ones, or those that `noise` ~ N(0, I), [B, 2], draws
   * where the policy is a distribution that can be drawn from with a gradient (`Head`).
   */
  act(observation: Observation, noise?: tf.Tensor2D): tf.Tensor2D;
  /**
   * Logarithm of the density of raw outputs that lead to `actions` [B, 2], [B] in nats; null where the policy is no
   * distribution.
   */
  readonly logDensity: ((observation: Observation, actions: tf.Tensor2D) => tf.Tensor1D) | null;
}

/** Speed below which the bound on lateral acceleration no longer widens the steering [m/s]. */
const slowest = 6;
const speedScale = 10;
const headingScale = 0.1;

export function createPolicyNetwork(config: PolicyConfig, view: ViewConfig, rng: Rng): PolicyNetwork {
  const { height, width } = pixelSpecs[view.pixels];
  const [c1, c2, c3] = config.channels as [number, number, number];
  const cells = Math.ceil(height / 8) * Math.ceil(width / 8) * c3;
  const { hidden } = config;
  const head = createHead(config);
  const specs: ParameterSpecs = {
    conv1: { shape: [4, 4, view.contextFrames * channelCount + 1, c1], initialize: "he" },
    conv1Bias: { shape: [c1], initialize: "zeros" },
    conv2: { shape: [4, 4, c1, c2], initialize: "he" },
    conv2Bias: { shape: [c2], initialize: "zeros" },
    conv3: { shape: [4, 4, c2, c3], initialize: "he" },
    conv3Bias: { shape: [c3], initialize: "zeros" },
    seen: { shape: [cells, hidden], initialize: "lecun" },
    moving: { shape: [2 * view.contextFrames, hidden], initialize: "lecun" },
    bothBias: { shape: [hidden], initialize: "zeros" },
    think: { shape: [hidden, hidden], initialize: "he" },
    thinkBias: { shape: [hidden], initialize: "zeros" },
    act: { shape: [hidden, head.columns], initialize: 0.3 / Math.sqrt(hidden) },
    actBias: { shape: [head.columns], initialize: head.biases },
  };
  const parameters = createParameters(specs, rng);
  const v = parameters.variables as { readonly [name: string]: tf.Variable };
  const scales = tf.keep(
    tf.tensor1d(Array.from({ length: view.contextFrames }, () => [1 / speedScale, 1 / headingScale]).flat()),
  );
  const outputOf = ({ views, motion }: Observation): tf.Tensor2D => {
    const h1 = conv(views, v["conv1"]!, v["conv1Bias"]!, { strides: 2, slope: 0 });
    const h2 = conv(h1, v["conv2"]!, v["conv2Bias"]!, { strides: 2, slope: 0 });
    const h3 = conv(h2, v["conv3"]!, v["conv3Bias"]!, { strides: 2, slope: 0 });
    const seen = dense(tf.reshape(h3, [-1, cells]), v["seen"]!, v["bothBias"]!);
    const moving = dense(tf.mul(motion, scales), v["moving"]!, null);
    const both = tf.relu(tf.add(seen, moving)) as tf.Tensor2D;
    const thought = dense(both, v["think"]!, v["thinkBias"]!, { slope: 0 });
    return dense(thought, v["act"]!, v["actBias"]!);
  };
  const dispose = parameters.dispose;
  return {
    parameters: {
      ...parameters,
      dispose() {
        dispose();
        scales.dispose();
      },
    },
    act(observation, noise) {
      const out = outputOf(observation);
      const raw = noise === undefined || head.draw === null ? head.mode(out) : head.draw(out, noise);
      return boundActions(raw, observation.motion, config);
    },
    logDensity:
      head.logDensity &&
      ((observation, actions) =>
        head.logDensity!(outputOf(observation), rawActions(actions, observation.motion, config))),
  };
}

/**
 * Squashes raw outputs [B, 2] into what a car on a highway does: acceleration within its bound, and steering such
 * that the lateral acceleration at the present speed stays within its own. Bounding the lateral acceleration
 * rather than the curvature makes one network fit stop-and-go and free flow alike.
 */
export function boundActions(raw: tf.Tensor2D, motion: tf.Tensor2D, config: PolicyConfig): tf.Tensor2D {
  const [B, columns] = motion.shape;
  const [forward, sideways] = tf.split(raw, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  const speed = tf.maximum(tf.slice(motion, [0, columns - 2], [B, 1]), slowest);
  const acceleration = tf.mul(tf.tanh(forward), config.maxAcceleration);
  // A third of the slope: steering moves the cost far more than acceleration does.
  const lateral = tf.mul(tf.tanh(tf.div(sideways, 3)), config.maxLateralAcceleration);
  return tf.concat([acceleration, tf.div(lateral, tf.square(speed))], 1) as tf.Tensor2D;
}

/** The inverse of `boundActions` [B, 2]; an action out of bounds gives what the nearest one within them does. */
export function rawActions(actions: tf.Tensor2D, motion: tf.Tensor2D, config: PolicyConfig): tf.Tensor2D {
  const [B, columns] = motion.shape;
  const speed = tf.maximum(tf.slice(motion, [0, columns - 2], [B, 1]), slowest);
  const [acceleration, steering] = tf.split(actions, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  const forward = inverseTanh(tf.div(acceleration, config.maxAcceleration));
  const lateral = tf.div(tf.mul(steering, tf.square(speed)), config.maxLateralAcceleration);
  return tf.concat([forward, tf.mul(inverseTanh(lateral), 3)], 1) as tf.Tensor2D;
}

function inverseTanh(x: tf.Tensor): tf.Tensor {
  const within = tf.clipByValue(x, -0.99, 0.99);
  return tf.mul(tf.log(tf.div(tf.add(1, within), tf.sub(1, within))), 0.5);
}

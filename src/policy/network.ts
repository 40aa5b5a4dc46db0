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

/** What a car may do at most. */
export type ActionBounds = Pick<PolicyConfig, "maxAcceleration" | "maxLateralAcceleration">;

/**
 * Squashes raw outputs [B, 2] into what a car on a highway does: acceleration within its bound, and steering such
 * that the lateral acceleration at the present speed stays within its own. Bounding the lateral acceleration
 * rather than the curvature makes one network fit stop-and-go and free flow alike.
 */
export function boundActions(raw: tf.Tensor2D, motion: tf.Tensor2D, config: ActionBounds): tf.Tensor2D {
  return steerWith(boundAccelerations(raw, config), motion, motion.shape[1] - 2);
}

/** A third of the slope: steering moves the cost far more than acceleration does. */
const rawScales: [forward: number, sideways: number] = [1, 3];

/** Raw outputs [..., 2] → acceleration and lateral acceleration within their bounds [m/s²], [..., 2]. */
export function boundAccelerations<T extends tf.Tensor>(raw: T, config: ActionBounds): T {
  const most = tf.tensor1d([config.maxAcceleration, config.maxLateralAcceleration]);
  return tf.mul(tf.tanh(tf.div(raw, tf.tensor1d(rawScales))), most);
}

/**
 * Acceleration and lateral acceleration [B, 2] → the action, [B, 2]: steering b = a_lat / max(s, 6)². One operation with
 * its adjoint, because planning takes it thousands of times a second.
 * @param moving [B, columns], with the speed in column `speedColumn`
 */
export function steerWith(accelerations: tf.Tensor2D, moving: tf.Tensor2D, speedColumn: number): tf.Tensor2D {
  const [B, columns] = moving.shape;
  const wanted = accelerations.dataSync() as Float32Array;
  const motion = moving.dataSync() as Float32Array;
  const speed = (b: number): number => Math.max(motion[b * columns + speedColumn]!, slowest);
  const action = wanted.map((value, i) =>
    i % 2 === 0 ? value : value / Math.fround(speed(i >> 1) * speed(i >> 1)),
  );
  const steer = tf.customGrad(() => ({
    value: tf.tensor2d(action, [B, 2]),
    gradFunc: (dy) => {
      const slopes = (dy as tf.Tensor).dataSync() as Float32Array;
      const toMotion = new Float32Array(motion.length);
      const toWanted = slopes.map((slope, i) => {
        if (i % 2 === 0) return slope;
        const b = i >> 1;
        if (motion[b * columns + speedColumn]! > slowest) {
          toMotion[b * columns + speedColumn] = (-2 * slope * action[i]!) / speed(b);
        }
        return slope / speed(b) ** 2;
      });
      return [tf.tensor2d(toWanted, [B, 2]), tf.tensor2d(toMotion, [B, columns])];
    },
  }));
  return steer(accelerations, moving) as tf.Tensor2D;
}

/**
 * The inverse of `boundActions` for one action at a speed: the raw outputs that lead to it. What no raw output leads to
 * gives those of the nearest action within reach.
 */
export function rawAction(
  acceleration: number,
  steering: number,
  speed: number,
  { maxAcceleration, maxLateralAcceleration }: ActionBounds,
): [forward: number, sideways: number] {
  const inverse = (fraction: number): number => Math.atanh(Math.min(0.99, Math.max(-0.99, fraction)));
  const lateral = steering * Math.max(speed, slowest) ** 2;
  return [
    rawScales[0] * inverse(acceleration / maxAcceleration),
    rawScales[1] * inverse(lateral / maxLateralAcceleration),
  ];
}

/** The inverse of `boundActions` [B, 2]; an action out of bounds gives what the nearest one within them does. */
function rawActions(actions: tf.Tensor2D, motion: tf.Tensor2D, config: PolicyConfig): tf.Tensor2D {
  const [B, columns] = motion.shape;
  const speed = tf.maximum(tf.slice(motion, [0, columns - 2], [B, 1]), slowest);
  const [acceleration, steering] = tf.split(actions, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  const forward = inverseTanh(tf.div(acceleration, config.maxAcceleration));
  const lateral = tf.div(tf.mul(steering, tf.square(speed)), config.maxLateralAcceleration);
  return tf.concat([forward, tf.mul(inverseTanh(lateral), rawScales[1])], 1) as tf.Tensor2D;
}

function inverseTanh(x: tf.Tensor): tf.Tensor {
  const within = tf.clipByValue(x, -0.99, 0.99);
  return tf.mul(tf.log(tf.div(tf.add(1, within), tf.sub(1, within))), 0.5);
}

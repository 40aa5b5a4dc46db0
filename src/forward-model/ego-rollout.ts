import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import { channelCount, pixelSpecs } from "../sim/index.ts";
import { numbersOf } from "../tensor/index.ts";
import type { ForwardModelConfig } from "./config.ts";
import { egoStateSize, moveEgo } from "./ego-motion.ts";
import { drawEgoWindows, type EgoWindows } from "./ego-windows.ts";
import { createCompactNetwork } from "./families/compact.ts";
import type { EgoNetwork } from "./families/ego-network.ts";
import { createPublishedNetwork } from "./families/published.ts";
import { toUnits } from "./families/state-units.ts";
import type { Imagination, ImaginationStart } from "./imagination.ts";
import { codesName, createLatent, latentAt, type Inferred, type Latent } from "./latents/index.ts";
import type { ForwardModel, Lesson, Prediction } from "./model.ts";
import type { RolloutNoise } from "./noise.ts";
import { selectNoise, selectStart } from "./select-windows.ts";
import { toPixelTensor } from "./world-windows.ts";

/** A model of a family that predicts, step by step and under actions, what the ego itself will see. */
export interface EgoModel extends ForwardModel {
  readonly network: EgoNetwork;
  readonly latent: Latent | null;
  /** What a batch of windows teaches. */
  lessonOf(windows: EgoWindows): Lesson;
}

/** Creates a coupled or kinematic model with fresh parameters drawn from `rng`. */
export function createEgoModel(config: ForwardModelConfig, rng: Rng): EgoModel {
  const network = (
    config.network === "published" ? createPublishedNetwork(config, rng) : createCompactNetwork(config, rng)
  ) as EgoNetwork;
  const { counterfactual } = config.training;
  const model: EgoModel = {
    config,
    network,
    latent: createLatent(config),
    parameters: network.parameters,
    imagine: (start, _, noise) => imagineEgo(model, start, noise),
    inferLatents: (start, { views, actions }, noise) =>
      numbersOf(() => {
        const unrolling = unroll(model, contextOf(model, start), { ...noise, withheld: [] });
        return views.flatMap((view, t) => {
          const action = tf.tensor2d(actions[t]!, [start.count, 2]);
          const { inferred } = unrolling.step(action, null, pictureTensor(model, start, view));
          return inferred === null ? [] : [inferred.z.dataSync() as Float32Array];
        });
      }),
    drawLesson: (sampler, steps, rng, first, count) =>
      model.lessonOf(drawEgoWindows(sampler, config, counterfactual, steps, rng, first, count)),
    lessonOf: (windows) => (noise, reveal) => predict(model, windows, noise, reveal),
    dispose: () => network.parameters.dispose(),
  };
  return model;
}

type EgoStep = {
  readonly picture: tf.Tensor4D;
  readonly state: tf.Tensor2D;
  readonly inferred: Inferred | null;
};

/** One step after the other from a context of pictures and states; each prediction joins the next context. */
interface Unrolling {
  /**
   * @param ahead what is known of the step beforehand
   * @param target the true next picture; null: unknown
   */
  step(action: tf.Tensor2D, ahead: Ahead | null, target: tf.Tensor4D | null): EgoStep;
}

interface Ahead {
  /** What the network has made of the action. */
  readonly read: tf.Tensor4D | null;
  /** Where the action leads, better known than by holding it. */
  readonly pose: tf.Tensor2D;
}

function unroll(
  { config, network, latent, parameters }: EgoModel,
  context: Context,
  noise: RolloutNoise,
): Unrolling {
  let { pictures, states } = context;
  let units = states.map((state) => network.toUnits(state));
  let memory = network.begin(pictures, states, noise.masks);
  let t = 0;
  const next = (
    action: tf.Tensor2D,
    ahead: Ahead | null,
    target: tf.Tensor4D | null,
  ): EgoStep & { readonly memory: unknown } => {
    const last = pictures.at(-1)!;
    const pose = network.knowsKinematics
      ? (ahead?.pose ?? moveEgo(states.at(-1)!, action, config.stepFrames))
      : null;
    const read = ahead === null ? (network.readActions([action], noise.masks)?.[0] ?? null) : ahead.read;
    const input = { pictures, states, units, action: read, next: pose };
    const encoding = network.encode(input, memory, noise.masks);
    const { z, inferred } = latentAt(latent, noise, t, {
      posterior: target === null ? null : () => network.posterior(encoding, last, target),
      prior: () => network.prior(encoding),
      codes: parameters.variables[codesName] ?? null,
    });
    const output = network.decode(encoding, z, noise.masks);
    return { ...output, state: pose ?? output.state!, inferred };
  };
  return {
    step(action, ahead, target) {
      // What a step makes on its way is freed at its end, but for what a gradient needs.
      const step = tf.tidy(() => next(action, ahead, target) as tf.TensorContainer) as ReturnType<
        typeof next
      >;
      pictures = [...pictures.slice(1), step.picture];
      states = [...states.slice(1), step.state];
      units = [...units.slice(1), network.toUnits(step.state)];
      memory = step.memory;
      t++;
      return step;
    },
  };
}

interface Context {
  readonly pictures: readonly tf.Tensor4D[];
  readonly states: readonly tf.Tensor2D[];
}

function contextOf(model: EgoModel, start: ImaginationStart): Context {
  return {
    pictures: start.views.map((view) => pictureTensor(model, start, view)),
    states: start.states.map((state) => tf.tensor2d(state, [start.count, egoStateSize])),
  };
}

function pictureTensor({ config }: EgoModel, { count }: ImaginationStart, view: Float32Array): tf.Tensor4D {
  const { height, width } = pixelSpecs[config.pixels];
  return tf.tensor4d(view, [count, height, width, channelCount]);
}

/** @param windows which of the noise's windows they are; all of them if not given */
function imagineEgo(
  model: EgoModel,
  start: ImaginationStart,
  noise: RolloutNoise,
  windows?: readonly number[],
): Imagination {
  const { config } = model;
  let unrolling: Unrolling | null = null;
  return {
    config,
    start,
    step(action) {
      // Begun here, so that its tensors belong to whoever takes the steps.
      unrolling ??= unroll(
        model,
        contextOf(model, start),
        windows === undefined ? noise : selectNoise(noise, windows),
      );
      const { picture, state } = unrolling.step(action, null, null);
      return { state, scene: { pixels: picture, pose: null } };
    },
    again: (chosen) =>
      chosen === undefined
        ? imagineEgo(model, start, noise, windows)
        : imagineEgo(
            model,
            selectStart(start, chosen),
            noise,
            chosen.map((b) => windows?.[b] ?? b),
          ),
  };
}

function predict(model: EgoModel, windows: EgoWindows, noise: RolloutNoise, reveal: boolean): Prediction {
  const { config, network } = model;
  const { contextFrames } = config;
  const pictures = windows.pictures.map((bytes) => toPixelTensor(bytes, config));
  const states = windows.egoStates.map((state) => tf.tensor2d(state, [windows.count, egoStateSize]));
  const unrolling = unroll(
    model,
    { pictures: pictures.slice(0, contextFrames), states: states.slice(0, contextFrames) },
    noise,
  );
  const target = pictures.slice(contextFrames);
  const targetStates = states.slice(contextFrames);
  const actions = target.map((_, t) =>
    tf.tensor2d(windows.actions[contextFrames - 1 + t]!, [windows.count, 2]),
  );
  const read = network.readActions(actions, noise.masks);
  const steps = target.map((picture, t) => {
    const ahead = { read: read?.[t] ?? null, pose: targetStates[t]! };
    return unrolling.step(actions[t]!, ahead, reveal ? picture : null);
  });
  return {
    predicted: steps.map(({ picture }) => picture),
    target,
    last: pictures[contextFrames - 1]!,
    inferred: steps.flatMap(({ inferred }) => inferred ?? []),
    states: network.knowsKinematics
      ? null
      : { predicted: steps.map(({ state }) => toUnits(state)), target: targetStates.map(toUnits) },
  };
}

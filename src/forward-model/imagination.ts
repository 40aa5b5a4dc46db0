import * as tf from "@tensorflow/tfjs";
import { pixelSpecs } from "../sim/index.ts";
import type { ForwardModelConfig } from "./config.ts";
import { egoStateSize } from "./ego-motion.ts";
import { once } from "./once.ts";
import { firstOf } from "./pixels.ts";
import { viewOf } from "./view.ts";
import type { MovingFrame, WorldWindows } from "./world-windows.ts";

/** What B egos know at "now"; each family takes of it what it needs. `PolicyWindows` is one. */
export interface ImaginationStart {
  readonly count: number;
  /** Tc entries, oldest first: what each ego saw in its own frame, [B, H, W, C] in [0, 1]. */
  readonly views: readonly Float32Array[];
  /** Tc entries, oldest first: ego states [B, 4] relative to the start (see `egoStateColumns`). */
  readonly states: readonly Float32Array[];
  /** The same instants seen from the frames below. */
  readonly world: Pick<WorldWindows, "context" | "ego">;
  /** Frames that move on from "now" as the egos would at constant speed. */
  readonly frames: readonly MovingFrame[];
}

/**
 * A picture in which an ego is judged, and where in it the ego is. Families that predict the ego's own view leave it in
 * the center, and gradients flow through the pixels; in the separated family they flow through the pose.
 */
export type Scene = {
  /** [B, H, W, C] in [0, 1] */
  readonly pixels: tf.Tensor4D;
  /** x and y [m] from the picture's center and heading [rad] from its axis, [B, 3]; null: in the center. */
  readonly pose: tf.Tensor2D | null;
};

/** What one action led to. */
export type ImaginedStep = {
  /** Ego states after the action, [B, 4]. */
  readonly state: tf.Tensor2D;
  readonly scene: Scene;
};

/**
 * A family at work on B windows: remembers between steps what the family needs. Tensors of a step belong to the
 * caller's tidy, and are differentiable with respect to this and all earlier actions.
 */
export interface Imagination {
  readonly config: Pick<ForwardModelConfig, "pixels" | "contextFrames" | "stepFrames">;
  readonly start: ImaginationStart;
  /** @param action [B, 2]: acceleration [m/s²] and steering [1/m], held for one step */
  step(action: tf.Tensor2D): ImaginedStep;
  /**
   * The same futures from "now" on, whatever has been done in this one: to try other actions. What no action can change
   * is not predicted again.
   * @param windows which of them, in what order and how often; all of them if not given
   */
  again(windows?: readonly number[]): Imagination;
}

/** What the egos have seen and how they have moved, Tc entries each, oldest first. */
export type Observed = {
  /** In each ego's own frame, [b, H, W, C]. Made when looked at: a planner that acts blindly does not pay for them. */
  readonly pictures: readonly tf.Tensor4D[];
  /** [b, 4] */
  readonly states: readonly tf.Tensor2D[];
};

/** Chooses the actions [B, 2] of step t = 0, 1, …: a policy, a planner's sequence, or what was recorded. */
export type Act = (observed: Observed, t: number) => tf.Tensor2D;

/** Imagined driving, one entry per step: `actions[t]` leads to `steps[t]`. */
export type Rollout = {
  readonly actions: readonly tf.Tensor2D[];
  readonly steps: readonly ImaginedStep[];
};

/**
 * Drives through an imagination: the one way in which policies, planners and examinations ask a model "what if".
 * @param observers how many of the windows, from the first on, `act` is shown; the others follow orders
 */
export function rollOut(
  imagination: Imagination,
  count: number,
  act: Act,
  observers = imagination.start.count,
): Rollout {
  const { config, start } = imagination;
  const spec = pixelSpecs[config.pixels];
  const { height, width } = spec;
  let pictures = start.views.map((view) =>
    once(() => {
      const channels = view.length / (start.count * height * width);
      const size = view.length / start.count;
      return tf.tensor4d(view.subarray(0, observers * size), [observers, height, width, channels]);
    }),
  );
  let states = start.states.map((state) =>
    tf.tensor2d(state.subarray(0, observers * egoStateSize), [observers, egoStateSize]),
  );
  const actions: tf.Tensor2D[] = [];
  const steps: ImaginedStep[] = [];
  for (let t = 0; t < count; t++) {
    const seen = pictures;
    const observed = {
      get pictures() {
        return seen.map((picture) => picture());
      },
      states,
    };
    const action = act(observed, t);
    const step = imagination.step(action);
    actions.push(action);
    steps.push(step);
    if (t === count - 1 || observers === 0) continue;
    pictures = [...pictures.slice(1), once(() => viewOf(spec, step.scene, observers))];
    states = [...states.slice(1), firstOf(step.state, observers)];
  }
  return { actions, steps };
}

import * as tf from "@tensorflow/tfjs";
import {
  egoStateColumns,
  egoStateSize,
  moveEgo,
  stepSeconds,
  type ForwardModelConfig,
} from "../forward-model/index.ts";
import { channelCount, pixelSpecs } from "../sim/index.ts";
import type { Observation, PolicyNetwork } from "./network.ts";
import { warpView } from "./view.ts";
import type { PolicyWindows } from "./windows.ts";

/** A world that unfolds without the ego: T entries [B, H, W, C] in [0, 1], seen from the windows' moving frames. */
export type World = readonly Float32Array[];

/** An ego's way through a world under a policy: T entries each, states after the actions. */
export type EgoRollout = {
  /** [B, 4] */
  readonly states: readonly tf.Tensor2D[];
  /** [B, 2] */
  readonly actions: readonly tf.Tensor2D[];
};

/**
 * Drives B egos through `world` with `policy`. Gradients flow from the states through the kinematics into the
 * actions and the policy, and back through the ego states that it sees; the pixels that it sees are constant.
 */
export function rollOutPolicy(
  policy: PolicyNetwork,
  model: ForwardModelConfig,
  windows: PolicyWindows,
  world: World,
): EgoRollout {
  const B = windows.count;
  const views = [...windows.views];
  let history = windows.states.map((state) => tf.tensor2d(state, [B, egoStateSize]));
  const states: tf.Tensor2D[] = [];
  const actions: tf.Tensor2D[] = [];
  world.forEach((pixels, t) => {
    const observation: Observation = {
      views: packViews(views.slice(-model.contextFrames), windows.egoChannel, B, model),
      motion: motionOf(history),
    };
    const action = policy.act(observation);
    const state = moveEgo(history[history.length - 1]!, action, model.stepFrames);
    actions.push(action);
    states.push(state);
    history = [...history.slice(1), state];
    if (t < world.length - 1) views.push(viewFrom(pixels, state, windows, model, t + 1));
  });
  return { states, actions };
}

/** Tc views [B, H, W, C] and the ego channel [B, H, W] → [B, H, W, Tc·C + 1]. */
export function packViews(
  views: readonly Float32Array[],
  egoChannel: Float32Array,
  B: number,
  model: Pick<ForwardModelConfig, "pixels">,
): tf.Tensor4D {
  const { height, width } = pixelSpecs[model.pixels];
  const depth = views.length * channelCount + 1;
  const packed = new Float32Array(B * height * width * depth);
  for (let p = 0; p < egoChannel.length; p++) {
    let o = p * depth;
    for (const view of views) {
      const i = p * channelCount;
      packed[o] = view[i]!;
      packed[o + 1] = view[i + 1]!;
      packed[o + 2] = view[i + 2]!;
      o += channelCount;
    }
    packed[o] = egoChannel[p]!;
  }
  return tf.tensor4d(packed, [B, height, width, depth]);
}

/** Speed and heading of Tc states [B, 4] → [B, 2·Tc]. */
export function motionOf(history: readonly tf.Tensor2D[]): tf.Tensor2D {
  const B = history[0]!.shape[0];
  const columns = history.flatMap((state) => [
    tf.slice(state, [0, egoStateColumns.speed], [B, 1]),
    tf.slice(state, [0, egoStateColumns.heading], [B, 1]),
  ]);
  return tf.concat(columns, 1) as tf.Tensor2D;
}

function viewFrom(
  world: Float32Array,
  state: tf.Tensor2D,
  windows: PolicyWindows,
  model: ForwardModelConfig,
  step: number,
): Float32Array {
  const spec = pixelSpecs[model.pixels];
  const size = spec.height * spec.width * channelCount;
  const s = state.dataSync();
  const view = new Float32Array(world.length);
  for (let b = 0; b < windows.count; b++) {
    const i = b * egoStateSize;
    const x = s[i + egoStateColumns.x]! - windows.frames[b]!.speed * step * stepSeconds(model);
    const y = s[i + egoStateColumns.y]!;
    warpView(world, b * size, spec, x, y, s[i + egoStateColumns.heading]!, view, b * size);
  }
  return view;
}

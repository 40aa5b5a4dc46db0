import * as tf from "@tensorflow/tfjs";
import { channelCount, pixelSpecs } from "../sim/index.ts";
import { stepSeconds, type ForwardModelConfig } from "./config.ts";
import { egoStateSize, moveEgo } from "./ego-motion.ts";
import type { Imagination, ImaginationStart } from "./imagination.ts";
import { selectRows, selectStart } from "./select-windows.ts";
import { toFractions, type WorldWindows } from "./world-windows.ts";

/** A world that unfolds without the ego: T entries [B, H, W, C] in [0, 1], seen from the windows' moving frames. */
export type World = readonly Float32Array[];

/**
 * Egos that move in closed form through a world that does not heed them: the separated family's, or the recorded one.
 * Pixels are constants; gradients flow through the poses.
 */
export function driveThrough(
  world: World,
  start: ImaginationStart,
  config: Pick<ForwardModelConfig, "pixels" | "contextFrames" | "stepFrames">,
): Imagination {
  const B = start.count;
  const { height, width } = pixelSpecs[config.pixels];
  let state: tf.Tensor2D | null = null;
  let t = 0;
  return {
    config,
    start,
    step(action) {
      state = moveEgo(
        state ?? tf.tensor2d(start.states.at(-1)!, [B, egoStateSize]),
        action,
        config.stepFrames,
      );
      const pixels = tf.tensor4d(world[t]!, [B, height, width, channelCount]);
      t++;
      const travelled = new Float32Array(3 * B);
      start.frames.forEach(({ speed }, b) => (travelled[3 * b] = speed * t * stepSeconds(config)));
      const pose = tf.sub<tf.Tensor2D>(tf.slice(state, [0, 0], [B, 3]), tf.tensor2d(travelled, [B, 3]));
      return { state, scene: { pixels, pose } };
    },
    again: (windows) =>
      windows === undefined
        ? driveThrough(world, start, config)
        : driveThrough(
            world.map((pictures) => selectRows(pictures, B, windows)),
            selectStart(start, windows),
            config,
          ),
  };
}

/** The world as it really went on: log-replay, the upper bound for every model. */
export function replayWorld(windows: Pick<WorldWindows, "future">): World {
  return windows.future.map(toFractions);
}

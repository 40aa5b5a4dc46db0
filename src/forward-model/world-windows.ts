import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import { pixelStateBytes, type WindowSampler, type WindowStart } from "../episodes/index.ts";
import { channelCount, pixelSpecs } from "../sim/index.ts";
import { stepSeconds, type ForwardModelConfig } from "./config.ts";

/**
 * The frame in which the separated family sees the world: at "now" it is centered on (x, y), and it moves along
 * the road axis at `speed` [m/s] for ever, before and after.
 */
export interface MovingFrame {
  readonly x: number;
  readonly y: number;
  readonly speed: number;
}

/** Recorded pixel states of B windows, seen from their moving frames, as bytes [B, H, W, C] each. */
export interface WorldWindows {
  readonly count: number;
  /** Tc entries, oldest first; the last one is "now". */
  readonly context: readonly Uint8Array[];
  /** One entry per step after "now". */
  readonly future: readonly Uint8Array[];
}

/** Renders windows along their moving frames. */
export function renderWorldWindows(
  sampler: WindowSampler,
  config: ForwardModelConfig,
  starts: readonly WindowStart[],
  frames: readonly MovingFrame[],
  steps: number,
): WorldWindows {
  const bytes = pixelStateBytes(pixelSpecs[config.pixels]);
  const entries = Array.from(
    { length: config.contextFrames + steps },
    () => new Uint8Array(starts.length * bytes),
  );
  starts.forEach((start, b) => {
    const { x, y, speed } = frames[b]!;
    entries.forEach((out, k) => {
      const step = k - config.contextFrames + 1;
      const view = { x: x + speed * step * stepSeconds(config), y, heading: 0 };
      sampler.render(start, start.frame + step * config.stepFrames, view, out, b * bytes);
    });
  });
  return {
    count: starts.length,
    context: entries.slice(0, config.contextFrames),
    future: entries.slice(config.contextFrames),
  };
}

/**
 * Draws windows number `first` … `first + count − 1` of an update and renders them. The frame's speed and lateral
 * position are spread around the ego's: the world is the same from wherever one looks at it, so every frame is an
 * exact training example, also for views that recorded drivers seldom had.
 */
export function drawWorldWindows(
  sampler: WindowSampler,
  config: ForwardModelConfig,
  steps: number,
  rng: Rng,
  first: number,
  count: number,
): WorldWindows {
  const starts: WindowStart[] = [];
  const frames: MovingFrame[] = [];
  for (let b = first; b < first + count; b++) {
    const own = rng.fork(`window ${b}`);
    const start = sampler.draw(own);
    const { track, frame } = start;
    const t = frame - track.firstFrame;
    starts.push(start);
    frames.push({
      x: track.x[t]!,
      y: track.y[t]! + lateralSpread * own.normal(),
      speed: Math.max(0, track.speed[t]! + config.training.speedSpread * own.normal()),
    });
  }
  return renderWorldWindows(sampler, config, starts, frames, steps);
}

/** Deviation of the frame's lateral position from the ego's [m]: within a lane. */
const lateralSpread = 0.6;

/** Bytes [B, H, W, C] → tensor in [0, 1]. */
export function toPixelTensor(bytes: Uint8Array, config: ForwardModelConfig): tf.Tensor4D {
  const { height, width } = pixelSpecs[config.pixels];
  return tf.tensor4d(toFractions(bytes), [
    bytes.length / (height * width * channelCount),
    height,
    width,
    channelCount,
  ]);
}

/** Bytes → numbers in [0, 1]. */
export function toFractions(bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) values[i] = bytes[i]! * (1 / 255);
  return values;
}

import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import { pixelStateBytes, type WindowSampler, type WindowStart } from "../episodes/index.ts";
import { channelCount, pixelSpecs } from "../sim/index.ts";
import { stepSeconds, type ForwardModelConfig } from "./config.ts";
import { createMass } from "./mass.ts";
import type { WorldStart } from "./world-rollout.ts";

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
  readonly ego: EgoBytes;
}

/** Where the egos are at "now", for `EgoInWorld`. */
export interface EgoBytes {
  /** Their rectangles in the center of the grid, [B, H, W]. */
  readonly picture: Uint8Array;
  /** Rows and columns from there to where they are, B pairs. */
  readonly offset: Float32Array;
  /** Rows per step that they move in their frame, B numbers. */
  readonly velocity: Float32Array;
}

/**
 * Renders windows along their moving frames.
 * @param egos the frames that would go along with the egos
 */
export function renderWorldWindows(
  sampler: WindowSampler,
  config: ForwardModelConfig,
  starts: readonly WindowStart[],
  frames: readonly MovingFrame[],
  egos: readonly MovingFrame[],
  steps: number,
): WorldWindows {
  const spec = pixelSpecs[config.pixels];
  const bytes = pixelStateBytes(spec);
  const cells = spec.height * spec.width;
  const ego = {
    picture: new Uint8Array(starts.length * cells),
    offset: new Float32Array(starts.length * 2),
    velocity: new Float32Array(starts.length),
  };
  const entries = Array.from(
    { length: config.contextFrames + steps },
    () => new Uint8Array(starts.length * bytes),
  );
  starts.forEach((start, b) => {
    const { x, y, speed } = frames[b]!;
    sampler.renderEgo(start, ego.picture, b * cells);
    ego.offset[2 * b] = (x - egos[b]!.x) / spec.metersPerRow;
    ego.offset[2 * b + 1] = (y - egos[b]!.y) / spec.metersPerColumn;
    ego.velocity[b] = ((speed - egos[b]!.speed) * stepSeconds(config)) / spec.metersPerRow;
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
    ego,
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
  const egos: MovingFrame[] = [];
  for (let b = first; b < first + count; b++) {
    const own = rng.fork(`window ${b}`);
    const start = sampler.draw(own);
    const { track, frame } = start;
    const t = frame - track.firstFrame;
    starts.push(start);
    egos.push({ x: track.x[t]!, y: track.y[t]!, speed: track.speed[t]! });
    frames.push({
      x: track.x[t]!,
      y: track.y[t]! + lateralSpread * own.normal(),
      speed: Math.max(0, track.speed[t]! + config.training.speedSpread * own.normal()),
    });
  }
  return renderWorldWindows(sampler, config, starts, frames, egos, steps);
}

/** Deviation of the frame's lateral position from the ego's [m]: within a lane. */
const lateralSpread = 0.6;

/** What a rollout starts from; its tensors belong to the caller's tidy. */
export function worldStart(
  windows: Pick<WorldWindows, "context" | "ego">,
  config: ForwardModelConfig,
): WorldStart {
  const { height, width } = pixelSpecs[config.pixels];
  const { picture, offset, velocity } = windows.ego;
  const count = picture.length / (height * width);
  return {
    context: windows.context.map((bytes) => toPixelTensor(bytes, config)),
    ego: { mass: createMass(toFractions(picture), [count, height, width], config), offset, velocity },
  };
}

/** Bytes [B, H, W, C] → tensor in [0, 1]. */
export function toPixelTensor(bytes: Uint8Array, config: Pick<ForwardModelConfig, "pixels">): tf.Tensor4D {
  const { height, width } = pixelSpecs[config.pixels];
  return tf.tensor4d(toFractions(bytes), [
    bytes.length / (height * width * channelCount),
    height,
    width,
    channelCount,
  ]);
}

/** Numbers in [0, 1] → bytes; what lies beyond takes the nearest one. */
export function toBytes(fractions: Float32Array): Uint8Array {
  // Assignment to clamped bytes rounds and clamps.
  return new Uint8Array(new Uint8ClampedArray(fractions.map((value) => 255 * value)).buffer);
}

/** Bytes → numbers in [0, 1]. */
export function toFractions(bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) values[i] = bytes[i]! * (1 / 255);
  return values;
}

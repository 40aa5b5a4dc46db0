import {
  coastedWorld,
  egoStateSize,
  stateOnWay,
  stepSeconds,
  toFractions,
  wayShape,
  type ForwardModelConfig,
} from "../forward-model/index.ts";
import type { Pose } from "../core/index.ts";
import { pixelStateBytes } from "../episodes/index.ts";
import { channelCount, channels, pixelSpecs } from "../sim/index.ts";
import { see, type Future, type Seen } from "./futures.ts";
import { actionsFromNow, type ExaminedWindows, type WindowSource } from "./windows.ts";

/**
 * How far a model is from what came, `step` steps ahead, when it is told the actions and nothing else. Errors of pictures
 * are mean squares over the traffic channel.
 */
export interface OpenLoopRow {
  readonly step: number;
  readonly seconds: number;
  /** The model's deterministic prediction. */
  readonly image: number;
  /** Root mean square distance of the predicted ego from where it was [m]. */
  readonly state: number;
  /** The last picture, kept. */
  readonly copied: number;
  /** Everyone goes on straight with the true speed at "now", those who are about to come into the picture included. */
  readonly constantVelocity: number;
  /** The same without them: all that the newest picture could tell, if it told speeds. */
  readonly shownVelocity: number;
  /** Everyone goes on with the motion that the two newest pictures show. */
  readonly observedVelocity: number;
}

/** Errors of some windows, summed up over windows: to be added and divided by their number. */
export type OpenLoopSums = {
  readonly [
    Name in "image" | "state" | "copied" | "constantVelocity" | "shownVelocity" | "observedVelocity"
  ]: Float64Array;
};

/** The errors of one batch at every step; the first entry of each is one step ahead. */
export function openLoop(source: WindowSource, windows: ExaminedWindows, future: Future): OpenLoopSums {
  const { config } = source;
  const seen = see(future, windows, config, actionsFromNow(windows));
  const truth = truthOf(windows, config, seen);
  const last = seen.centered ? windows.views.at(-1)! : toFractions(windows.world.context.at(-1)!);
  const coasting = coast(source, windows, seen.centered, false);
  const shown = coast(source, windows, seen.centered, true);
  // Motion is observed in pictures of the moving frame, so it is judged there.
  const observed = coastedWorld(windows.world.context, config, windows.steps);
  const world = seen.centered ? windows.world.future.map(toFractions) : truth;
  const each = (error: (t: number) => number): Float64Array =>
    Float64Array.from({ length: windows.steps }, (_, t) => error(t));
  return {
    image: each((t) => trafficError(seen.pixels[t]!, truth[t]!, windows.count)),
    state: each((t) => positionError(seen.states[t]!, windows.egos.egoStates[windows.states.length + t]!)),
    copied: each((t) => trafficError(last, truth[t]!, windows.count)),
    constantVelocity: each((t) => trafficError(coasting[t]!, truth[t]!, windows.count)),
    shownVelocity: each((t) => trafficError(shown[t]!, truth[t]!, windows.count)),
    observedVelocity: each((t) => trafficError(observed[t]!, world[t]!, windows.count)),
  };
}

/** Rows from the sums over `count` windows. */
export function openLoopRows(sums: OpenLoopSums, count: number, config: ForwardModelConfig): OpenLoopRow[] {
  return Array.from(sums.image, (_, t) => ({
    step: t + 1,
    seconds: (t + 1) * stepSeconds(config),
    image: sums.image[t]! / count,
    state: Math.sqrt(sums.state[t]! / count),
    copied: sums.copied[t]! / count,
    constantVelocity: sums.constantVelocity[t]! / count,
    shownVelocity: sums.shownVelocity[t]! / count,
    observedVelocity: sums.observedVelocity[t]! / count,
  }));
}

/** What really came, in the frame in which a model imagined it, T × [B, H, W, C] in [0, 1]. */
export function truthOf(
  { egos, world }: ExaminedWindows,
  config: ForwardModelConfig,
  { centered }: Pick<Seen, "centered">,
): Float32Array[] {
  return (centered ? egos.pictures.slice(config.contextFrames) : world.future).map(toFractions);
}

/**
 * The exact picture of everyone going on straight, in the frame of the ego or in the moving one.
 * @param shown only those whom the newest picture shows
 */
function coast(
  { sampler, config }: WindowSource,
  windows: ExaminedWindows,
  centered: boolean,
  shown: boolean,
): Float32Array[] {
  const size = pixelStateBytes(pixelSpecs[config.pixels]);
  const { pastFrames: now, stepFrames } = wayShape(config, 0);
  return Array.from({ length: windows.steps }, (_, t) => {
    const bytes = new Uint8Array(windows.count * size);
    const seconds = (t + 1) * stepSeconds(config);
    windows.egos.starts.forEach((start, b) => {
      const frame = windows.frames[b]!;
      const viewAt = (steps: number): Pose =>
        centered
          ? stateOnWay(windows.egos.ways[b]!, now + steps * stepFrames)
          : { x: frame.x + frame.speed * steps * stepSeconds(config), y: frame.y, heading: 0 };
      const picture = shown ? viewAt(0) : undefined;
      sampler.renderCoasted(start, start.frame, seconds, viewAt(t + 1), bytes, b * size, picture);
    });
    return toFractions(bytes);
  });
}

/** Σ over windows of the mean square error of the traffic channel. */
function trafficError(a: Float32Array, b: Float32Array, count: number): number {
  let sum = 0;
  for (let i = channels.traffic; i < a.length; i += channelCount) sum += (a[i]! - b[i]!) ** 2;
  return (sum * channelCount * count) / a.length;
}

/** Σ over windows of the squared distance [m²]. */
function positionError(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += egoStateSize) sum += (a[i]! - b[i]!) ** 2 + (a[i + 1]! - b[i + 1]!) ** 2;
  return sum;
}

import type { Rng } from "../core/index.ts";
import { pixelStateBytes, type WindowSampler, type WindowStart } from "../episodes/index.ts";
import { pixelSpecs } from "../sim/index.ts";
import type { ForwardModelConfig } from "./config.ts";
import {
  drawPerturbation,
  perturbedWay,
  scalePerturbation,
  type CounterfactualConfig,
  type WayShape,
} from "./counterfactual.ts";
import { egoStateSize } from "./ego-motion.ts";
import { heldAction, recordedWay, stateOnWay, writeEgoState, type EgoWay } from "./ego-way.ts";
import type { ImaginationStart } from "./imagination.ts";
import { renderWorldWindows, toFractions, type WorldWindows } from "./world-windows.ts";

/**
 * What B egos see, where they are and what they do along their ways: Tc instants up to "now" and T after it, a step
 * apart. Entry Tc − 1 of `pictures` and `egoStates` is "now". Bytes and typed arrays, nothing to free.
 */
export interface EgoWindows {
  readonly count: number;
  readonly starts: readonly WindowStart[];
  /** Frame by frame, from the first context frame on: where the steps below were read off. */
  readonly ways: readonly EgoWay[];
  /** Tc + T entries, oldest first: the pixel state from the ego's pose, without the ego, [B, H, W, C]. */
  readonly pictures: readonly Uint8Array[];
  /** Tc + T entries: ego states [B, 4], positions relative to the ego's center at "now" (see `egoStateColumns`). */
  readonly egoStates: readonly Float32Array[];
  /** Tc + T − 1 entries, [B, 2]: entry k leads from instant k to k + 1, held for the step (see `heldAction`). */
  readonly actions: readonly Float32Array[];
  /** The egos' own rectangles, [B, H, W]. */
  readonly egoPicture: Uint8Array;
  /** [m], [B] each */
  readonly length: Float32Array;
  readonly width: Float32Array;
}

/** Frames of a window with `steps` steps after "now". */
export function wayShape(
  config: Pick<ForwardModelConfig, "stepFrames" | "contextFrames">,
  steps: number,
): WayShape {
  return {
    pastFrames: config.stepFrames * (config.contextFrames - 1),
    futureFrames: config.stepFrames * steps,
    stepFrames: config.stepFrames,
  };
}

/** Renders what egos see along `ways`, each of which begins at the window's first context frame. */
export function renderEgoWindows(
  sampler: WindowSampler,
  config: Pick<ForwardModelConfig, "pixels" | "stepFrames" | "contextFrames">,
  starts: readonly WindowStart[],
  ways: readonly EgoWay[],
  steps: number,
): EgoWindows {
  const { stepFrames, contextFrames } = config;
  const spec = pixelSpecs[config.pixels];
  const bytes = pixelStateBytes(spec);
  const cells = spec.height * spec.width;
  const B = starts.length;
  const instants = contextFrames + steps;
  const now = stepFrames * (contextFrames - 1);
  const pictures = Array.from({ length: instants }, () => new Uint8Array(B * bytes));
  const egoStates = Array.from({ length: instants }, () => new Float32Array(B * egoStateSize));
  const actions = Array.from({ length: instants - 1 }, () => new Float32Array(B * 2));
  const egoPicture = new Uint8Array(B * cells);
  starts.forEach((start, b) => {
    const way = ways[b]!;
    sampler.renderEgo(start, egoPicture, b * cells);
    for (let k = 0; k < instants; k++) {
      const t = k * stepFrames;
      sampler.render(start, start.frame - now + t, stateOnWay(way, t), pictures[k]!, b * bytes);
      writeEgoState(way, now, t, egoStates[k]!, b);
      if (k < instants - 1) actions[k]!.set(heldAction(way, t, stepFrames), 2 * b);
    }
  });
  return {
    count: B,
    starts,
    ways,
    pictures,
    egoStates,
    actions,
    egoPicture,
    length: Float32Array.from(starts, ({ track }) => track.length),
    width: Float32Array.from(starts, ({ track }) => track.width),
  };
}

/** What egos know at "now", of themselves and of the world, which is shown for `steps` steps more. */
export type RecordedStart = ImaginationStart &
  Pick<EgoWindows, "length" | "width"> & { readonly world: WorldWindows };

/** The same instants up to "now" as egos see them and from frames that move on as they would at constant speed. */
export function startOfWindows(
  sampler: WindowSampler,
  config: ForwardModelConfig,
  { count, starts, ways, pictures, egoStates, length, width }: EgoWindows,
  steps: number,
): RecordedStart {
  const now = wayShape(config, 0).pastFrames;
  const frames = ways.map((way) => stateOnWay(way, now));
  return {
    count,
    views: pictures.slice(0, config.contextFrames).map(toFractions),
    states: egoStates.slice(0, config.contextFrames),
    world: renderWorldWindows(sampler, config, starts, frames, frames, steps),
    frames,
    length,
    width,
  };
}

/**
 * Draws windows number `first` … `first + count − 1` of an update: recorded ones, mixed with counterfactual ones. The
 * recorded traffic is blind to the ego, so whatever way the ego takes, what it would have seen can be rendered exactly.
 */
export function drawEgoWindows(
  sampler: WindowSampler,
  config: Pick<ForwardModelConfig, "pixels" | "stepFrames" | "contextFrames">,
  counterfactual: CounterfactualConfig,
  steps: number,
  rng: Rng,
  first: number,
  count: number,
): EgoWindows {
  const shape = wayShape(config, steps);
  const starts: WindowStart[] = [];
  const ways: EgoWay[] = [];
  for (let b = first; b < first + count; b++) {
    const own = rng.fork(`window ${b}`);
    const start = sampler.draw(own);
    starts.push(start);
    ways.push(drawWay(sampler, start, counterfactual, shape, own.fork("perturbation")));
  }
  return renderEgoWindows(sampler, config, starts, ways, steps);
}

/** A perturbation that leads where the road was not seen is tried at these fractions of itself, then given up. */
const fractions = [1, 0.5, 0.25];

function drawWay(
  sampler: WindowSampler,
  start: WindowStart,
  config: CounterfactualConfig,
  shape: WayShape,
  rng: Rng,
): EgoWay {
  const recorded = recordedWay(start, shape.pastFrames, shape.futureFrames);
  const perturbation = drawPerturbation(config, shape, rng);
  if (perturbation === null) return recorded;
  for (const fraction of fractions) {
    const way = perturbedWay(recorded, scalePerturbation(perturbation, fraction), config);
    const seen = (x: number, t: number): boolean =>
      sampler.sees(start, start.frame - shape.pastFrames + t, x);
    if (way.x.every(seen)) return way;
  }
  return recorded;
}

import * as tf from "@tensorflow/tfjs";
import { frameSeconds as dt } from "../core/index.ts";
import { pixelStateBytes } from "../episodes/index.ts";
import {
  egoStateColumns,
  egoStateSize,
  stateOnWay,
  toFractions,
  toPixelTensor,
  wayShape,
} from "../forward-model/index.ts";
import { mapWorldCosts, worldCosts, type ProximityForm, type WorldCosts } from "../policy/index.ts";
import { advance, findCollision, isOnRoad, pixelSpecs } from "../sim/index.ts";
import { numbersOf } from "../tensor/index.ts";
import { numbers } from "./futures.ts";
import type { ExaminedWindows, WindowSource } from "./windows.ts";

/** What comes of actions by the simulator and its renderer, one entry per step. */
export interface ExactFuture {
  /** From the ego, [B, H, W, C] in bytes. */
  readonly pictures: readonly Uint8Array[];
  /** [B, 4], relative to the center at "now". */
  readonly states: readonly Float32Array[];
}

/**
 * Drives B egos through the recorded traffic from "now" on. It is blind to them, so this is what would have been seen,
 * whatever they do: the truth against which every answer to a "what if" can be held.
 * @param actions T × [B, 2], held for a step each
 */
export function driveExactly(
  { sampler, config }: WindowSource,
  windows: ExaminedWindows,
  actions: readonly Float32Array[],
): ExactFuture {
  const { stepFrames } = config;
  const { pastFrames: now } = wayShape(config, 0);
  const size = pixelStateBytes(pixelSpecs[config.pixels]);
  const B = windows.count;
  const pictures = actions.map(() => new Uint8Array(B * size));
  const states = actions.map(() => new Float32Array(B * egoStateSize));
  windows.egos.starts.forEach((start, b) => {
    const origin = stateOnWay(windows.egos.ways[b]!, now);
    const ego = { ...origin };
    actions.forEach((step, t) => {
      const action = { acceleration: step[2 * b]!, steering: step[2 * b + 1]! };
      for (let k = 0; k < stepFrames; k++) advance(ego, action, dt);
      sampler.render(start, start.frame + (t + 1) * stepFrames, ego, pictures[t]!, b * size);
      states[t]!.set([ego.x - origin.x, ego.y - origin.y, ego.heading, ego.speed], b * egoStateSize);
    });
  });
  return { pictures, states };
}

/** Whether each ego has touched another vehicle or left the road on its way until the end of a step, T × [B] of 0 and 1. */
export function harmedBy(
  { sampler, config }: WindowSource,
  { egos, count }: ExaminedWindows,
  actions: readonly Float32Array[],
): Uint8Array[] {
  const { stepFrames } = config;
  const { pastFrames: now } = wayShape(config, 0);
  const harmed = actions.map(() => new Uint8Array(count));
  egos.starts.forEach((start, b) => {
    const ego = stateOnWay(egos.ways[b]!, now);
    const traffic = sampler.createTraffic(start);
    const road = sampler.roadOf(start);
    let harm = false;
    actions.forEach((step, t) => {
      const action = { acceleration: step[2 * b]!, steering: step[2 * b + 1]! };
      for (let k = 1; k <= stepFrames && !harm; k++) {
        advance(ego, action, dt);
        sampler.look(start, start.frame + t * stepFrames + k, ego.x, traffic);
        const { length, width } = start.track;
        harm =
          findCollision(ego, start.track, traffic) !== null || !isOnRoad(road, { ...ego, length, width });
      }
      harmed[t]![b] = Number(harm);
    });
  });
  return harmed;
}

/**
 * The costs of an exact future, [T, B] each.
 * @param masks the states whose speeds size the masks: a derivative holds them constant
 * @param form how nearness adds up
 */
export function exactCosts(
  { config }: Pick<WindowSource, "config">,
  windows: ExaminedWindows,
  { pictures, states }: ExactFuture,
  masks: readonly Float32Array[] = states,
  form: ProximityForm = "summed",
): WorldCosts<Float32Array> {
  const { speed } = egoStateColumns;
  return numbersOf(() => {
    const steps = pictures.map((bytes, t) => {
      const state = states[t]!.map((value, i) => (i % egoStateSize === speed ? masks[t]![i]! : value));
      return {
        state: tf.tensor2d(state, [windows.count, egoStateSize]),
        scene: { pixels: toPixelTensor(bytes, config), pose: null },
      };
    });
    return mapWorldCosts(worldCosts(pixelSpecs[config.pixels], windows, steps, form), numbers);
  });
}

/** The pictures of an exact future as fractions, T × [B, H, W, C]. */
export const exactViews = ({ pictures }: ExactFuture): Float32Array[] => pictures.map(toFractions);

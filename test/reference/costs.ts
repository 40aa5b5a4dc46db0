import type { PixelSpec } from "../../src/sim/index.ts";

/** One ego in one pixel state, plain numbers: the slow and obvious twin of `CostInputs`. */
export interface EgoInPicture {
  /** [H][W][C] flat, in [0, 1] */
  readonly pixels: ArrayLike<number>;
  readonly x: number;
  readonly y: number;
  readonly heading: number;
  readonly speed: number;
  readonly length: number;
  readonly width: number;
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

/** Calls `visit` with the distances along and across the ego's heading [m] and the channels of every pixel. */
function forEachPixel(
  spec: PixelSpec,
  ego: EgoInPicture,
  visit: (along: number, across: number, lane: number, traffic: number, offroad: number) => void,
): void {
  for (let i = 0; i < spec.height; i++) {
    for (let j = 0; j < spec.width; j++) {
      const dx = (spec.height / 2 - 0.5 - i) * spec.metersPerRow - ego.x;
      const dy = (spec.width / 2 - 0.5 - j) * spec.metersPerColumn - ego.y;
      const along = Math.abs(dx * Math.cos(ego.heading) + dy * Math.sin(ego.heading));
      const across = Math.abs(dy * Math.cos(ego.heading) - dx * Math.sin(ego.heading));
      const p = (i * spec.width + j) * 3;
      visit(along, across, ego.pixels[p]!, ego.pixels[p + 1]!, ego.pixels[p + 2]!);
    }
  }
}

/**
 * Σ weight·channel / Σ weight.
 * @param at where the ego is for the sum below the line, which counts as a constant when the ego is moved
 */
function weightedMean(
  spec: PixelSpec,
  ego: EgoInPicture,
  at: EgoInPicture,
  channel: "lane" | "traffic" | "offroad",
  weight: (along: number, across: number) => number,
): number {
  let weighted = 0;
  let total = 0;
  forEachPixel(spec, ego, (along, across, lane, traffic, offroad) => {
    weighted += weight(along, across) * { lane, traffic, offroad }[channel];
  });
  forEachPixel(spec, at, (along, across) => {
    total += weight(along, across);
  });
  return weighted / total;
}

function nearnessReference(
  spec: PixelSpec,
  ego: EgoInPicture,
  at: EgoInPicture,
): { far: number; near: number } {
  const reach = 1.5 * Math.max(ego.speed, 7) + ego.length + 1;
  const far = weightedMean(spec, ego, at, "traffic", (along, across) => {
    const a = clamp((reach - along) / (reach - ego.length / 2));
    const b = clamp((ego.width / 2 + 3.7 - across) / 3.7);
    return (a * b) ** 2;
  });
  let near = 0;
  forEachPixel(spec, ego, (along, across, _lane, traffic) => {
    const nearReach = 3 + 0.3 * ego.speed;
    near +=
      clamp((ego.length / 2 + nearReach - along) / nearReach) *
      clamp((ego.width / 2 + 1.2 - across) / 1.2) *
      traffic;
  });
  return { far, near: near * spec.metersPerRow * spec.metersPerColumn };
}

export function proximityReference(spec: PixelSpec, ego: EgoInPicture, at = ego): number {
  const { far, near } = nearnessReference(spec, ego, at);
  return 10 * far + near / 10;
}

export function closeProximityReference(spec: PixelSpec, ego: EgoInPicture, at = ego): number {
  const { far, near } = nearnessReference(spec, ego, at);
  return far + 0.3 * near;
}

export function laneReference(spec: PixelSpec, ego: EgoInPicture, at = ego): number {
  const weight = (along: number, across: number): number =>
    clamp(ego.length / 2 + 1 - along) * clamp(1 - across / 1.85);
  return 2 * weightedMean(spec, ego, at, "lane", weight);
}

export function offroadReference(spec: PixelSpec, ego: EgoInPicture, at = ego): number {
  const weight = (along: number, across: number): number =>
    clamp(ego.length / 2 + 1 - along) * clamp(ego.width / 2 + 1 - across);
  return 4 * weightedMean(spec, ego, at, "offroad", weight);
}

/** Nearness of every pixel in the published sense, in meters. */
function nearnesses(spec: PixelSpec, ego: EgoInPicture): number[] {
  const found: number[] = [];
  const overlap = (size: number): number => Math.max(0, size - 1) / 2;
  forEachPixel(spec, ego, (along, across, _lane, traffic) => {
    const a = clamp(1 - (along - overlap(ego.length)) / (1.5 * ego.speed + 1));
    const b = clamp((ego.width - across) / (ego.width - overlap(ego.width)));
    found.push(a * b * traffic);
  });
  return found;
}

export function maxProximityReference(spec: PixelSpec, ego: EgoInPicture): number {
  return nearnesses(spec, ego).reduce((most, value) => Math.max(most, value), 0);
}

export function softMaxProximityReference(spec: PixelSpec, ego: EgoInPicture): number {
  const area = spec.metersPerRow * spec.metersPerColumn;
  const sum = nearnesses(spec, ego).reduce((total, value) => total + area * (Math.exp(10 * value) - 1), 0);
  return Math.log(1 + sum) / 10;
}

/** Mean over columns of √(1 + e²) − 1, for one ego state and one human's. */
export function humanReference(state: readonly number[], human: readonly number[]): number {
  const units = [4, 0.5, 0.02, 1];
  const costs = state.map((value, i) => Math.sqrt(1 + ((value - human[i]!) / units[i]!) ** 2) - 1);
  return costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
}

export function progressReference(speed: number, target: number): number {
  return speed < target ? ((target - speed) / target) ** 2 : 0;
}

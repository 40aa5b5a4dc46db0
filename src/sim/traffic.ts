import type { OrientedBox } from "../core/index.ts";

/**
 * The vehicles on a road at one instant, as parallel arrays of which the first `count` entries are in use.
 * Everything that looks at traffic (renderer, safety, drivers) reads this; simulators own and fill one.
 */
export interface Traffic {
  count: number;
  readonly id: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly heading: Float64Array;
  readonly speed: Float64Array;
  readonly length: Float64Array;
  readonly width: Float64Array;
}

/** Empty traffic with room for `capacity` vehicles. */
export function createTraffic(capacity: number): Traffic {
  const floats = (): Float64Array => new Float64Array(capacity);
  return {
    count: 0,
    id: floats(),
    x: floats(),
    y: floats(),
    heading: floats(),
    speed: floats(),
    length: floats(),
    width: floats(),
  };
}

/** Writes vehicle i of `from` to place `at` of `into`. */
export function copyVehicle(from: Traffic, i: number, into: Traffic, at: number): void {
  into.id[at] = from.id[i];
  into.x[at] = from.x[i];
  into.y[at] = from.y[i];
  into.heading[at] = from.heading[i];
  into.speed[at] = from.speed[i];
  into.length[at] = from.length[i];
  into.width[at] = from.width[i];
}

/** The rectangle of vehicle i. */
export function boxOf({ x, y, heading, length, width }: Traffic, i: number): OrientedBox {
  return { x: x[i], y: y[i], heading: heading[i], length: length[i], width: width[i] };
}

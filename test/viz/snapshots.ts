import { vehicleStride, type EpisodeInfo, type Snapshot } from "../../src/viz/protocol.ts";

/** A vehicle as the tests write it; the rest is an ordinary car. */
export interface GivenVehicle {
  readonly id: number;
  readonly x: number;
  readonly y?: number;
  readonly speed?: number;
}

/** A snapshot with an ego at `egoX` and the given vehicles. */
export function snapshot(
  frame: number,
  egoX: number,
  vehicles: readonly GivenVehicle[] = [],
  verdict: Snapshot["verdict"] = null,
): Snapshot {
  const packed = new Float32Array(vehicles.length * vehicleStride);
  vehicles.forEach(({ x, y = 0, speed = 0 }, i) => packed.set([x, y, 0, speed, 4.5, 1.8], i * vehicleStride));
  return {
    frame,
    ids: Float64Array.from(vehicles, ({ id }) => id),
    vehicles: packed,
    ego: { x: egoX, y: 0, heading: 0, speed: 10, acceleration: 0, steering: 0 },
    pixels: new Uint8Array(0),
    costs: {},
    ahead: { gap: Infinity, timeGap: Infinity, timeToCollision: Infinity, requiredDeceleration: 0 },
    verdict,
  };
}

/** An episode of ten frames a second on a two-lane road. */
export const episode: EpisodeInfo = {
  request: { driver: "idm", traffic: "us101", mode: "replay", start: 0, at: null, seed: 1, changes: [] },
  start: 0,
  starts: 3,
  place: "a test",
  road: {
    name: "test",
    length: 500,
    lanes: [
      { center: 0, width: 3.6, start: 0, end: 500 },
      { center: -3.6, width: 3.6, start: 0, end: 500 },
    ],
  },
  dt: 0.1,
  firstFrame: 0,
  parameters: null,
  copyIds: [],
  leadIn: 4,
  humanFrames: 50,
  goalX: 100,
  ego: { length: 4.5, width: 1.8 },
  human: new Float32Array(150),
  view: { height: 64, width: 16, metersPerRow: 1.125, metersPerColumn: 0.925 },
};

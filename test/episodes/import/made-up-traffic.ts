import type { Sighting } from "../../../src/episodes/index.ts";

/** One row of made-up traffic: the front center of a vehicle, in meters and frames of 0.1 s. */
export type Row = Omit<Sighting, "clip" | "line" | "vehicle"> & { readonly vehicle: number };

export const laneWidth = 3.6;
export const roadLength = 400;

/** A car that drives steadily from one place and time to the end of the road. Lanes from 1 at the left. */
export function drive(
  vehicle: number,
  over: {
    readonly lane?: number;
    readonly from?: number;
    readonly frame?: number;
    readonly speed?: number;
    readonly until?: number;
    readonly length?: number;
    readonly width?: number;
  } = {},
): Row[] {
  const { lane = 1, from = 5, frame = 0, speed = 20, until = roadLength, length = 4.5, width = 1.8 } = over;
  const rows: Row[] = [];
  for (let t = 0; from + speed * 0.1 * t <= until; t++) {
    rows.push({
      vehicle,
      frame: frame + t,
      x: from + speed * 0.1 * t,
      y: -(lane - 0.5) * laneWidth,
      length,
      width,
      lane,
    });
  }
  return rows;
}

/** Three lanes of steady traffic, a car every two seconds in each, vehicle by vehicle. */
export function steadyTraffic(seconds: number, firstVehicle = 1): Row[] {
  const rows: Row[] = [];
  let vehicle = firstVehicle;
  for (let start = 0; start < seconds; start += 2) {
    for (let lane = 1; lane <= 3; lane++) {
      rows.push(...drive(vehicle++, { lane, frame: start * 10 + lane, speed: 26 - 2 * lane }));
    }
  }
  return rows.filter((row) => row.frame < seconds * 10);
}

/** As recordings that go frame by frame have them. */
export const byFrame = (rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => a.frame - b.frame || a.vehicle - b.vehicle);

import { vehicleStride, type Snapshot } from "../protocol.ts";
import type { Moment } from "./playback.ts";

/** A vehicle as drawn: between two frames. */
export interface DrawnVehicle {
  id: number;
  x: number;
  y: number;
  heading: number;
  speed: number;
  length: number;
  width: number;
  /** [m/s²] from this frame to the next. */
  acceleration: number;
  /** 0 to 1: fades in where a vehicle appears and out where it vanishes. */
  presence: number;
}

const mix = (a: number, b: number, fraction: number): number => a + (b - a) * fraction;

const indexOf = new WeakMap<Snapshot, Map<number, number>>();

function positions(snapshot: Snapshot): Map<number, number> {
  let index = indexOf.get(snapshot);
  if (index === undefined) {
    index = new Map();
    for (let i = 0; i < snapshot.ids.length; i++) index.set(snapshot.ids[i], i);
    indexOf.set(snapshot, index);
  }
  return index;
}

/** Everyone but the ego at `moment`; a vehicle known in one of the two frames only fades. */
export function* vehiclesAt({ from, to, fraction }: Moment, dt: number): Generator<DrawnVehicle> {
  const later = positions(to);
  const earlier = positions(from);
  const a = from.vehicles;
  const b = to.vehicles;
  for (let i = 0; i < from.ids.length; i++) {
    const id = from.ids[i];
    const j = later.get(id);
    const p = i * vehicleStride;
    if (j === undefined) {
      const speed = a[p + 3];
      const moved = speed * dt * fraction;
      yield vehicle(id, a, p, a[p] + moved * Math.cos(a[p + 2]), a[p + 1], a[p + 2], speed, 0, 1 - fraction);
      continue;
    }
    const q = j * vehicleStride;
    yield vehicle(
      id,
      a,
      p,
      mix(a[p], b[q], fraction),
      mix(a[p + 1], b[q + 1], fraction),
      mix(a[p + 2], b[q + 2], fraction),
      mix(a[p + 3], b[q + 3], fraction),
      (b[q + 3] - a[p + 3]) / dt,
      1,
    );
  }
  if (fraction === 0) return;
  for (let j = 0; j < to.ids.length; j++) {
    const id = to.ids[j];
    if (earlier.has(id)) continue;
    const q = j * vehicleStride;
    const back = b[q + 3] * dt * (1 - fraction);
    yield vehicle(id, b, q, b[q] - back, b[q + 1], b[q + 2], b[q + 3], 0, fraction);
  }
}

function vehicle(
  id: number,
  source: Float32Array,
  at: number,
  x: number,
  y: number,
  heading: number,
  speed: number,
  acceleration: number,
  presence: number,
): DrawnVehicle {
  return {
    id,
    x,
    y,
    heading,
    speed,
    acceleration,
    presence,
    length: source[at + 4],
    width: source[at + 5],
  };
}

/** The ego between two frames. */
export function egoAt({ from, to, fraction }: Moment): Snapshot["ego"] {
  return {
    ...from.ego,
    x: mix(from.ego.x, to.ego.x, fraction),
    y: mix(from.ego.y, to.ego.y, fraction),
    heading: mix(from.ego.heading, to.ego.heading, fraction),
    speed: mix(from.ego.speed, to.ego.speed, fraction),
  };
}

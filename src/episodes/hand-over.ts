import type { Rng } from "../core/index.ts";
import {
  createHandedTraffic,
  nearestLane,
  type DriverPopulation,
  type DriverProfile,
  type HandedTraffic,
  type HandedVehicle,
  type Newcomer,
  type StalledVehicle,
} from "../sim/index.ts";
import { fitDriver, looksAt } from "./fit-driver.ts";
import type { FrameReader } from "./frame-reader.ts";
import { laneChangeAt } from "./lane-changes.ts";
import type { Recording, Track } from "./recording.ts";
import { trackEnd } from "./track.ts";

/** Over this stretch [m] the pace of a record is taken, standing included. */
const paceStretch = 10;
/** The acceleration at a frame is taken over so much time [s], and is no more than a car can do [m/s²]. */
const accelerationSeconds = 0.5;
const largestAcceleration = 3;
const hardestBraking = 6;
/** Who is recorded to within this distance of the end of its lane [m] leaves there. */
const exitDistance = 30;
/** What reaching its exit is worth to a driver [m/s²]. */
const exitBias = 2;
/** A car that stands throughout its record for so long [s] is broken down. */
const stalledSeconds = 60;

export interface HandOverRequest {
  /** Simulated drivers drive from this frame on. */
  readonly frame: number;
  /** Nobody comes in after this frame. */
  readonly endFrame: number;
  /** Tracks (indices) that are driven from outside, in the order of their numbers. */
  readonly guests: readonly number[];
  readonly rng: Rng;
}

/** Hands a recording over to simulated drivers, at any frame. */
export interface HandOverDesk {
  handOver(request: HandOverRequest): HandedTraffic;
}

/** What is known of the driver of a track, whenever it is handed over. */
interface Person {
  readonly profile: DriverProfile;
  readonly exits: boolean;
  readonly stalled: boolean;
}

/**
 * Drivers are fitted when first needed and kept; the same stream gives a track the same driver, whatever is asked for
 * in between.
 */
export function createHandOverDesk(
  recording: Recording,
  reader: FrameReader,
  population: DriverPopulation,
  rng: Rng,
): HandOverDesk {
  const { road, dt, tracks } = recording;
  const people = new Map<number, Person>();

  function personOf(index: number): Person {
    let person = people.get(index);
    if (person === undefined) {
      const track = tracks[index];
      const looks = looksAt(recording, reader, track);
      const drawn = fitDriver(track, looks, population, road.lanes.length, rng.fork(`driver of ${track.id}`));
      const stalled = track.x.length * dt >= stalledSeconds && track.speed.every((speed) => speed === 0);
      const exits = leavesByLaneEnd(recording, track);
      person = {
        profile: {
          ...drawn,
          ...(exits || endsElsewhere(recording, track)
            ? { preferredLane: lastLane(recording, track), preferredFrom: 0 }
            : {}),
          ...(exits ? { preferenceBias: exitBias } : {}),
          // A car without any power neither drives off nor changes lanes.
          ...(stalled ? { maxAcceleration: 1e-9, preferredLane: -1 } : {}),
        },
        exits,
        stalled,
      };
      people.set(index, person);
    }
    return person;
  }

  function handedAt(index: number, frame: number, guest: number): HandedVehicle {
    const track = tracks[index];
    const t = frame - track.firstFrame;
    const x = track.x[t];
    const y = track.y[t];
    const { profile, exits } = personOf(index);
    return {
      id: track.id,
      state: { x, y, heading: track.heading[t], speed: track.speed[t] },
      laneIndex: nearestLane(road, x, y),
      profile,
      acceleration: accelerationAt(track, t, dt),
      change: laneChangeAt(recording, track, frame),
      exits,
      pace: (place) => paceOf(track, place, dt),
      guest,
    };
  }

  return {
    handOver({ frame, endFrame, guests, rng: stream }) {
      const present: HandedVehicle[] = [];
      const newcomers: Newcomer[] = [];
      const stalled: StalledVehicle[] = [];
      tracks.forEach((track, index) => {
        const isHere = track.firstFrame <= frame && frame < trackEnd(track);
        const comes = track.firstFrame > frame && track.firstFrame <= endFrame;
        if (!isHere && !comes) return;
        const handed = handedAt(index, isHere ? frame : track.firstFrame, guests.indexOf(index));
        if (isHere) present.push(handed);
        else {
          const step = track.firstFrame - frame;
          newcomers.push({ ...handed, step, lastStep: step + track.x.length - 1 });
        }
        if (personOf(index).stalled) stalled.push({ laneIndex: handed.laneIndex, x: handed.state.x });
      });
      newcomers.sort((a, b) => a.step - b.step);
      return createHandedTraffic({
        road,
        dt,
        population,
        present,
        newcomers,
        stalled,
        guests: guests.length,
        rng: stream,
      });
    },
  };
}

function accelerationAt(track: Track, t: number, dt: number): number {
  const half = Math.round(accelerationSeconds / dt / 2);
  const from = Math.max(0, t - half);
  const to = Math.min(track.speed.length - 1, t + half);
  if (to === from) return 0;
  const acceleration = (track.speed[to] - track.speed[from]) / ((to - from) * dt);
  return Math.max(-hardestBraking, Math.min(largestAcceleration, acceleration));
}

/** The mean speed [m/s] at which the record covers the next meters from `x` on; at its end, those before. */
function paceOf({ x: xs }: Track, x: number, dt: number): number {
  const last = xs.length - 1;
  const from = Math.min(x, Math.max(xs[0], xs[last] - paceStretch));
  const first = firstAt(xs, from);
  const end = Math.min(last, Math.max(first + 1, firstAt(xs, from + paceStretch)));
  return (xs[end] - xs[first]) / ((end - first) * dt);
}

/** Index of the first value ≥ `bound` in values that do not fall, or of the last value. */
function firstAt(values: Float64Array, bound: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lastLane({ road }: Recording, { x, y }: Track): number {
  return nearestLane(road, x[x.length - 1], y[y.length - 1]);
}

/** Whether the record ends in another lane than it began: that lane is where its driver wanted to be. */
function endsElsewhere(recording: Recording, track: Track): boolean {
  return nearestLane(recording.road, track.x[0], track.y[0]) !== lastLane(recording, track);
}

function leavesByLaneEnd(recording: Recording, track: Track): boolean {
  const lane = recording.road.lanes[lastLane(recording, track)];
  return lane.end < recording.road.length && track.x[track.x.length - 1] > lane.end - exitDistance;
}

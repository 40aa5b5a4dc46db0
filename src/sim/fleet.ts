import type { DriverProfile } from "./drivers.ts";
import { brakingScale } from "./idm.ts";
import { gapBetween } from "./safety.ts";
import { createTraffic, type Traffic } from "./traffic.ts";

/** Places of what car following needs of a driver in the table `following`, and the length of its rows. */
export const followingFields = {
  desiredSpeed: 0,
  desiredTimeGap: 1,
  jamGap: 2,
  maxAcceleration: 3,
  comfortableDeceleration: 4,
  brakingScale: 5,
  reactionSteps: 6,
} as const;
export const followingStride = 8;

/**
 * Drivers take turns: in as many steps each of them thinks about changing lanes once and has its errors of
 * perception renewed twice.
 */
export const turns = 10;

/** May not leave the road by the end of its lane; may and wants to; may, being too late to stop, but would rather merge. */
export const exitKinds = { none: 0, wanted: 1, late: 2 } as const;

/** Steps of commands kept for the reaction time; a power of two. */
export const commandMemory = 8;

/**
 * Traffic and what only the simulator knows of it: parallel to the arrays of `traffic`, entry i is vehicle i.
 * Numbers change every step, profiles never.
 */
export interface Fleet {
  readonly traffic: Traffic;
  readonly capacity: number;
  readonly profile: DriverProfile[];
  /** Once more, for the loops over everyone in every step: a row of `followingStride` numbers per vehicle. */
  readonly following: Float64Array;
  /** Whose turn it is: id modulo `turns`. */
  readonly turn: Uint8Array;
  /** The lane driven or changed to, and the lane still being left (-1: none). */
  readonly lane: Int32Array;
  readonly leaving: Int32Array;
  /** About where the vehicle stands in the order of a lane it is in. */
  readonly place: Int32Array;

  /** Lane change path: progress from 0 to 1, lateral start [m], initial slope and distance [m per unit of progress]. */
  readonly progress: Float64Array;
  readonly pathStart: Float64Array;
  readonly pathSlope: Float64Array;
  readonly pathDistance: Float64Array;
  /** The path must not be longer than this [m]. */
  readonly longestPath: Float64Array;
  /** Where in the lane this driver drives just now, left of its center [m]. */
  readonly laneOffset: Float64Array;
  /** 1 while the change under way may still be given up. */
  readonly wavering: Uint8Array;
  /** No new lane change before this time [s]. */
  readonly restUntil: Float64Array;
  /** One of `exitKinds`: whether it may leave the road by the end of its lane, where others must merge. */
  readonly exits: Uint8Array;
  /** Number of whoever drives it from outside the simulation, -1: a simulated driver does. */
  readonly guest: Int32Array;

  /** Persistent errors of perception (relative; 1/s) and of the foot [m/s²]. */
  readonly gapError: Float64Array;
  readonly closingSpeedError: Float64Array;
  readonly accelerationNoise: Float64Array;
  /** Inattentive until this time [s]. */
  readonly lapseUntil: Float64Array;
  /** The last commanded accelerations [m/s²], `commandMemory` per vehicle, written round robin. */
  readonly commands: Float64Array;

  /** Scratch of one step: what car following asks for [m/s²], room to stop in [m], and the action. */
  readonly wanted: Float64Array;
  readonly room: Float64Array;
  readonly acceleration: Float64Array;
  readonly steering: Float64Array;
}

export function createFleet(capacity: number): Fleet {
  const floats = (): Float64Array => new Float64Array(capacity);
  return {
    traffic: createTraffic(capacity),
    capacity,
    profile: [],
    following: new Float64Array(capacity * followingStride),
    turn: new Uint8Array(capacity),
    lane: new Int32Array(capacity),
    leaving: new Int32Array(capacity),
    place: new Int32Array(capacity),
    progress: floats(),
    pathStart: floats(),
    pathSlope: floats(),
    pathDistance: floats(),
    longestPath: floats(),
    laneOffset: floats(),
    wavering: new Uint8Array(capacity),
    restUntil: floats(),
    exits: new Uint8Array(capacity),
    guest: new Int32Array(capacity),
    gapError: floats(),
    closingSpeedError: floats(),
    accelerationNoise: floats(),
    lapseUntil: floats(),
    commands: new Float64Array(capacity * commandMemory),
    wanted: floats(),
    room: floats(),
    acceleration: floats(),
    steering: floats(),
  };
}

/** Gap [m] from vehicle `behind` to vehicle `ahead`; negative when they are beside each other. */
export function gapBetweenIn({ traffic: { x, length } }: Fleet, behind: number, ahead: number): number {
  return gapBetween(x[behind], length[behind], x[ahead], length[ahead]);
}

/** Moves vehicle `from` to the place of vehicle `to`, which is forgotten. */
export function moveVehicle(fleet: Fleet, from: number, to: number): void {
  const { traffic } = fleet;
  for (const field of [
    traffic.id,
    traffic.x,
    traffic.y,
    traffic.heading,
    traffic.speed,
    traffic.length,
    traffic.width,
    fleet.turn,
    fleet.lane,
    fleet.leaving,
    fleet.place,
    fleet.progress,
    fleet.pathStart,
    fleet.pathSlope,
    fleet.pathDistance,
    fleet.longestPath,
    fleet.laneOffset,
    fleet.wavering,
    fleet.restUntil,
    fleet.exits,
    fleet.guest,
    fleet.gapError,
    fleet.closingSpeedError,
    fleet.accelerationNoise,
    fleet.lapseUntil,
    fleet.acceleration,
    fleet.steering,
  ]) {
    field[to] = field[from]!;
  }
  fleet.profile[to] = fleet.profile[from];
  fleet.following.copyWithin(to * followingStride, from * followingStride, (from + 1) * followingStride);
  fleet.commands.copyWithin(to * commandMemory, from * commandMemory, (from + 1) * commandMemory);
}

/** Appends a vehicle at rest in itself: no errors yet, no lane change; returns its index. */
export function addVehicle(
  fleet: Fleet,
  id: number,
  profile: DriverProfile,
  lane: number,
  at: { readonly x: number; readonly y: number; readonly speed: number },
  dt: number,
): number {
  const { traffic } = fleet;
  const i = traffic.count++;
  traffic.id[i] = id;
  traffic.x[i] = at.x;
  traffic.y[i] = at.y;
  traffic.heading[i] = 0;
  traffic.speed[i] = at.speed;
  traffic.length[i] = profile.length;
  traffic.width[i] = profile.width;
  fleet.profile[i] = profile;
  const row = i * followingStride;
  for (const field of ["desiredSpeed", "desiredTimeGap", "jamGap", "maxAcceleration"] as const) {
    fleet.following[row + followingFields[field]] = profile[field];
  }
  fleet.following[row + followingFields.comfortableDeceleration] = profile.comfortableDeceleration;
  fleet.following[row + followingFields.brakingScale] = brakingScale(profile);
  fleet.following[row + followingFields.reactionSteps] = Math.round(profile.reactionTime / dt);
  fleet.turn[i] = id % turns;
  fleet.lane[i] = lane;
  fleet.leaving[i] = -1;
  fleet.place[i] = 0;
  fleet.progress[i] = 0;
  fleet.laneOffset[i] = 0;
  fleet.wavering[i] = 0;
  fleet.restUntil[i] = 0;
  fleet.exits[i] = 0;
  fleet.guest[i] = -1;
  fleet.gapError[i] = 0;
  fleet.closingSpeedError[i] = 0;
  fleet.accelerationNoise[i] = 0;
  fleet.lapseUntil[i] = 0;
  fleet.acceleration[i] = 0;
  fleet.steering[i] = 0;
  fleet.commands.fill(0, i * commandMemory, (i + 1) * commandMemory);
  return i;
}

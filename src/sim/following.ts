import { commandMemory, followingFields, followingStride, type Fleet } from "./fleet.ts";
import { accelerationFrom } from "./idm.ts";
import type { LaneOrder } from "./lane-order.ts";
import { hardestDeceleration, speedToStopWithin, stoppingDistance, stoppingMargin } from "./stopping.ts";

/** Braking that makes even an inattentive driver look up [m/s²]. */
const alarmingDeceleration = 3;
/** Below this speed an unsteady foot moves the car less [m/s]. */
const steadySpeed = 3;

const { desiredTimeGap, jamGap, maxAcceleration, comfortableDeceleration, brakingScale, reactionSteps } =
  followingFields;

/** A limit in force from some point of a lane on. */
export interface LaneLimit {
  readonly start: number;
  readonly end: number;
  readonly speed: number;
}

/** Who finds no gap to merge into waits this far before the end of an ending lane, to have room to move over [m]. */
export const mergingRoom = 45;

/** Forgets what the last step asked for. */
export function beginFollowing({ traffic, wanted, room }: Fleet): void {
  wanted.fill(Infinity, 0, traffic.count);
  room.fill(Infinity, 0, traffic.count);
}

/**
 * Lets everyone in a lane look at the vehicle ahead: lowers `wanted` to what car following asks for, seen with the
 * driver's errors, and `room` to the distance in which one must be able to stop after this step, seen exactly.
 * Vehicles in two lanes look ahead in both.
 * @param deadEnd where the lane cannot be driven on [m], `Infinity` where it can.
 * @param along positions along the lane [m], where the road bends and x is another distance.
 */
export function followInLane(
  fleet: Fleet,
  { order, count }: LaneOrder,
  laneIndex: number,
  deadEnd: number,
  limit: LaneLimit | null,
  dt: number,
  along: Float64Array = fleet.traffic.x,
): void {
  const { traffic, following, wanted, room, gapError, closingSpeedError, leaving, exits } = fleet;
  const { place: places } = fleet;
  const { x, speed, length } = traffic;
  const hardest = hardestDeceleration;
  const margin = stoppingMargin;
  const stride = followingStride;
  // Of the leader, as it was looked at the last time round.
  let leaderAt = Infinity;
  let leaderSpeed = 0;
  let leaderLength = 0;
  for (let place = 0; place < count; place++) {
    const i = order[place];
    places[i] = place;
    const row = i * stride;
    const v = speed[i];
    const at = along[i];
    const ownLength = length[i];
    let desiredSpeed = following[row];
    if (limit !== null && limit.speed < desiredSpeed && x[i] >= limit.start && x[i] < limit.end) {
      desiredSpeed = limit.speed;
    }
    const alone = place === 0;
    const gap = leaderAt - at - (leaderLength + ownLength) / 2;
    const acceleration = accelerationFrom(
      desiredSpeed,
      v,
      alone ? Infinity : gap * (1 + gapError[i]),
      alone ? 0 : v - leaderSpeed + closingSpeedError[i] * gap,
      following[row + desiredTimeGap],
      following[row + jamGap],
      following[row + maxAcceleration],
      following[row + comfortableDeceleration],
      following[row + brakingScale],
    );
    if (!alone) {
      const slowest = leaderSpeed - hardest * dt;
      const left = gap + (leaderSpeed - v) * dt + (slowest > 0 ? stoppingDistance(slowest, dt) : 0) - margin;
      if (left < room[i]) room[i] = left;
    }
    if (acceleration < wanted[i]) wanted[i] = acceleration;
    if (x[i] < deadEnd && deadEnd < Infinity && leaving[i] !== laneIndex && exits[i] === 0) {
      const left = deadEnd - mergingRoom - x[i] - length[i] / 2;
      const braking = accelerationFrom(
        desiredSpeed,
        v,
        left,
        v,
        following[row + desiredTimeGap],
        following[row + jamGap],
        following[row + maxAcceleration],
        following[row + comfortableDeceleration],
        following[row + brakingScale],
      );
      if (braking < wanted[i]) wanted[i] = braking;
      if (left - v * dt < room[i]) room[i] = left - v * dt;
    }
    leaderAt = at;
    leaderSpeed = v;
    leaderLength = ownLength;
  }
}

/**
 * Turns what drivers want into what their cars do: late by the reaction time, held during a lapse of attention,
 * with an unsteady foot, and never so that the car could no longer stop behind its leader. For vehicles `from` to
 * `end` (exclusive).
 */
export function actLongitudinally(
  fleet: Fleet,
  from: number,
  end: number,
  step: number,
  time: number,
  dt: number,
): void {
  const { traffic, following, wanted, room, lapseUntil, accelerationNoise, commands, acceleration } = fleet;
  const { speed } = traffic;
  const hardest = hardestDeceleration;
  const steady = steadySpeed;
  const alarm = -alarmingDeceleration;
  const stride = followingStride;
  const memory = commandMemory;
  for (let i = from; i < end; i++) {
    const v = speed[i];
    const base = i * memory;
    let command = wanted[i];
    if (time < lapseUntil[i] && command > alarm) command = commands[base + ((step - 1) & (memory - 1))];
    commands[base + (step & (memory - 1))] = command;
    let a = commands[base + ((step - following[i * stride + reactionSteps]) & (memory - 1))];
    a += accelerationNoise[i] * (v < steady ? v / steady : 1);
    if (a < -hardest) a = -hardest;
    const next = v + a * dt;
    if (next > 0 && stoppingDistance(next, dt) > room[i]) {
      a = (speedToStopWithin(room[i], dt) - v) / dt;
      if (a < -hardest) a = -hardest;
    }
    acceleration[i] = a;
  }
}

import type { Driver, DriverSession, Scene } from "../driver.ts";
import { idmAcceleration, type IdmParameters } from "../idm.ts";
import { changeIncentive, type MobilParameters } from "../mobil.ts";
import { neighborsByLane, type Neighbors } from "../neighbors.ts";
import { bendSight, bendSpeed } from "../bent-traffic.ts";
import { laneAt, laneExistsAt, unbent } from "../road.ts";
import { gapBetween } from "../safety.ts";
import type { Action } from "../vehicle.ts";
import { roadSteering } from "./unbent-driver.ts";

export interface IdmDriverOptions extends IdmParameters, MobilParameters {
  /** Distance ahead over which the car comes back to its line [s] and at least [m]. */
  readonly previewSeconds: number;
  readonly shortestPreview: number;
  /** Least time between two lane changes, in decisions. */
  readonly restDecisions: number;
  /** Hardest braking and turning [m/s²]. */
  readonly hardestDeceleration: number;
  readonly hardestTurn: number;
}

export const idmDriverDefaults: IdmDriverOptions = {
  desiredSpeed: 30,
  desiredTimeGap: 1,
  jamGap: 2,
  maxAcceleration: 1.5,
  comfortableDeceleration: 2,
  politeness: 0.3,
  changeThreshold: 0.4,
  safeDeceleration: 2,
  previewSeconds: 1.3,
  shortestPreview: 10,
  restDecisions: 25,
  hardestDeceleration: 8,
  hardestTurn: 2,
};

interface Memory {
  /** The lane aimed at, -1 before the first look. */
  lane: number;
  rest: number;
}

/**
 * Drives the ego by rule: follows with the IDM, changes lanes when MOBIL says that it pays, steers back to the
 * center of its lane. It sees the traffic exactly and reacts at once.
 */
export function createIdmDriver(options: IdmDriverOptions = idmDriverDefaults, name = "idm"): Driver {
  return {
    name,
    begin(count): DriverSession {
      const memories = Array.from({ length: count }, (): Memory => ({
        lane: -1,
        rest: options.restDecisions,
      }));
      return {
        observe() {},
        act(scenes, actions) {
          scenes.forEach((scene, i) => {
            if (scene !== null) decide(options, scene, memories[i], actions[i]);
          });
        },
        dispose() {},
      };
    },
  };
}

function decide(usual: IdmDriverOptions, scene: Scene, memory: Memory, action: Action): void {
  const { road, traffic, ego } = scene;
  const options = withBendAhead(usual, scene);
  const neighbors = neighborsByLane(road, traffic, ego.x);
  const here = laneAt(road, ego.x, ego.y);
  if (memory.lane < 0 || !laneExistsAt(road, road.lanes[memory.lane], ego.x)) memory.lane = Math.max(0, here);
  if (memory.rest > 0) memory.rest--;
  else if (here === memory.lane) {
    const to = bestLane(options, scene, neighbors, here);
    if (to !== here) {
      memory.lane = to;
      memory.rest = options.restDecisions;
    }
  }

  // While between two lanes the leaders of both count.
  let acceleration = follow(options, scene, neighbors[memory.lane].leader);
  if (here >= 0 && here !== memory.lane) {
    acceleration = Math.min(acceleration, follow(options, scene, neighbors[here].leader));
  }
  action.acceleration = Math.max(-options.hardestDeceleration, acceleration);

  const preview = Math.max(options.shortestPreview, options.previewSeconds * ego.speed);
  const aside = ego.y - road.lanes[memory.lane].center;
  // A far lane is approached at a bounded angle.
  const bounded = Math.max(-1.5, Math.min(1.5, aside));
  const steering = -(2 * ego.heading) / preview - bounded / (preview * preview);
  const limit = options.hardestTurn / Math.max(ego.speed * ego.speed, 50);
  action.steering = Math.max(-limit, Math.min(limit, steering)) + roadSteering(scene);
}

/** The same driver, no faster than is comfortable in the bend ahead. */
function withBendAhead(options: IdmDriverOptions, { road, ego }: Scene): IdmDriverOptions {
  if (road.bend === undefined) return options;
  const fastest = bendSpeed(road.bend, ego.x, ego.y, bendSight);
  return fastest < options.desiredSpeed ? { ...options, desiredSpeed: fastest } : options;
}

/** Where vehicle `i` is for the ego, in meters along the road. */
function alongFor({ road, ego, traffic }: Scene, i: number): number {
  return unbent(road, ego.x, ego.y, traffic.x[i], traffic.y[i]);
}

/** Acceleration of the ego behind vehicle `leader`, -1 for nobody. */
function follow(options: IdmDriverOptions, scene: Scene, leader: number): number {
  const { ego, shape, traffic } = scene;
  if (leader < 0) return idmAcceleration(options, options.desiredSpeed, ego.speed, Infinity, 0);
  const gap = gapBetween(ego.x, shape.length, alongFor(scene, leader), traffic.length[leader]);
  return idmAcceleration(options, options.desiredSpeed, ego.speed, gap, ego.speed - traffic.speed[leader]);
}

function bestLane(
  options: IdmDriverOptions,
  scene: Scene,
  neighbors: readonly Neighbors[],
  here: number,
): number {
  const { road, ego } = scene;
  let best = here;
  let most = 0;
  for (const to of [here - 1, here + 1]) {
    if (to < 0 || to >= road.lanes.length || !laneExistsAt(road, road.lanes[to], ego.x)) continue;
    const gain = incentive(options, scene, neighbors[here], neighbors[to]);
    if (gain > most) {
      best = to;
      most = gain;
    }
  }
  return best;
}

/** What a change is worth; the others are taken to be drivers like oneself. */
function incentive(options: IdmDriverOptions, scene: Scene, now: Neighbors, then: Neighbors): number {
  const { traffic, ego, shape } = scene;
  const clearance = 2 + 0.3 * ego.speed;
  if (then.leader >= 0) {
    const gap = gapBetween(ego.x, shape.length, alongFor(scene, then.leader), traffic.length[then.leader]);
    if (gap < clearance) return -Infinity;
  }
  let newFollower = 0;
  let newFollowerAfter = 0;
  if (then.follower >= 0) {
    const behind = alongFor(scene, then.follower);
    const gap = gapBetween(behind, traffic.length[then.follower], ego.x, shape.length);
    const speed = traffic.speed[then.follower];
    const closing = speed - ego.speed;
    if (gap < clearance + 2 * Math.max(0, closing)) return -Infinity;
    newFollower = followerAcceleration(options, scene, then.follower, then.leader);
    newFollowerAfter = idmAcceleration(options, options.desiredSpeed, speed, gap, closing);
  }
  return changeIncentive(options, {
    own: follow(options, scene, now.leader),
    ownAfter: follow(options, scene, then.leader),
    newFollower,
    newFollowerAfter,
    oldFollower: 0,
    oldFollowerAfter: 0,
  });
}

function followerAcceleration(
  options: IdmDriverOptions,
  scene: Scene,
  follower: number,
  leader: number,
): number {
  const { traffic } = scene;
  const speed = traffic.speed[follower];
  if (leader < 0) return idmAcceleration(options, options.desiredSpeed, speed, Infinity, 0);
  const { length } = traffic;
  const [from, to] = [alongFor(scene, follower), alongFor(scene, leader)];
  const gap = gapBetween(from, length[follower], to, length[leader]);
  return idmAcceleration(options, options.desiredSpeed, speed, gap, speed - traffic.speed[leader]);
}

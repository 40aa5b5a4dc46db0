import type { Rng } from "../core/index.ts";
import type { DriverPopulation } from "./population.ts";
import { exitKinds, followingFields, followingStride, type Fleet } from "./fleet.ts";
import { accelerationFrom } from "./idm.ts";
import { insertAt, placeAt, placeOf, removeAt, type LaneOrder } from "./lane-order.ts";
import { changeIncentive } from "./mobil.ts";
import { laneExistsAt, unbent, type Road } from "./road.ts";
import { progressPerMeter, startPath } from "./steering.ts";
import { canStopBehind } from "./stopping.ts";

/** Below this speed nobody changes lanes [m/s]. */
const slowestChange = 2;
/** A lane that ends within this distance is no lane to change to [m], and makes one want to leave it. */
const sightOfLaneEnd = 150;
/** What leaving an ending lane is worth at its very end [m/s²]. */
const laneEndBias = 4;
/** Deceleration that one who has to merge imposes on others [m/s²]. */
const mergingDeceleration = 4;
/** A lane change takes at least this distance [m], and this long at speed [s]. */
const shortestPath = 25;
const sharpestPath = 3;
/** Left between the end of the path and what made it necessary, where one would not drive at speed [m]. */
const spareRoom = 15;
/** Clearance beyond what stopping needs, per m/s of the one behind [s]. */
const acceptedTimeGap = 0.25;
/** Until this progress a change can be given up. */
const lastTurningBack = 0.35;

export interface LaneChanges {
  /** Lets vehicle i think, and start a lane change where one pays and is safe. */
  decide(i: number, time: number): void;
  /** Gives up changes that waver; ends those that have arrived. */
  proceed(time: number): void;
}

export function createLaneChanges(
  fleet: Fleet,
  road: Road,
  orders: readonly LaneOrder[],
  deadEnds: readonly number[],
  population: DriverPopulation,
  dt: number,
  rng: Rng,
): LaneChanges {
  const { traffic, profile, following } = fleet;
  const { x, y, speed, length } = traffic;

  const gapOf = (behind: number, ahead: number): number =>
    unbent(road, x[behind], y[behind], x[ahead], y[ahead]) - x[behind] - (length[behind] + length[ahead]) / 2;

  /** Acceleration of `behind` following `ahead`, -1 for nobody. */
  const follow = (behind: number, ahead: number): number => {
    const row = behind * followingStride;
    const v = speed[behind];
    return accelerationFrom(
      following[row],
      v,
      ahead < 0 ? Infinity : gapOf(behind, ahead),
      ahead < 0 ? 0 : v - speed[ahead],
      following[row + followingFields.desiredTimeGap],
      following[row + followingFields.jamGap],
      following[row + followingFields.maxAcceleration],
      following[row + followingFields.comfortableDeceleration],
      following[row + followingFields.brakingScale],
    );
  };

  const accepts = (behind: number, ahead: number): boolean =>
    canStopBehind(
      gapOf(behind, ahead) - 1 - acceptedTimeGap * speed[behind],
      speed[behind],
      speed[ahead],
      dt,
    );

  const memberAt = ({ order, count }: LaneOrder, place: number): number =>
    place >= 0 && place < count ? order[place] : -1;

  /** Distance to where the lane cannot be driven on [m], `Infinity` where it can. */
  function roadLeft(i: number, laneIndex: number): number {
    return x[i] < deadEnds[laneIndex] && fleet.exits[i] !== exitKinds.wanted
      ? deadEnds[laneIndex] - x[i]
      : Infinity;
  }

  /** What lies beyond acceleration: an ending lane pushes, a preferred lane pulls. */
  function biasTowards(i: number, from: number, to: number): number {
    const { preferredLane, preferenceBias, preferredFrom } = profile[i];
    let bias = 0;
    if (preferredLane >= 0 && preferredLane !== from && x[i] >= preferredFrom) {
      bias += Math.abs(preferredLane - to) < Math.abs(preferredLane - from) ? 1 : -1;
      bias *= preferenceBias;
    }
    const left = roadLeft(i, from);
    if (left < sightOfLaneEnd) bias += laneEndBias * (1 - left / sightOfLaneEnd) + 1;
    return bias;
  }

  /** What changing to lane `to` is worth to vehicle i, which has place `own` in its lane. */
  function incentive(i: number, to: number, must: boolean, own: number): number {
    const lane = road.lanes[to];
    if (lane === undefined || !laneExistsAt(road, lane, x[i])) return -Infinity;
    if (roadLeft(i, to) < sightOfLaneEnd) return -Infinity;
    const from = fleet.lane[i];
    const target = orders[to];
    const place = placeAt(target, x, x[i], own);
    const leader = memberAt(orders[from], own - 1);
    const oldFollower = memberAt(orders[from], own + 1);
    const newLeader = memberAt(target, place - 1);
    const newFollower = memberAt(target, place);
    // Who straddles both lanes behind one that has to merge waits for it: letting it in costs nothing, refusing
    // would let both stand for ever.
    const waits = must && newFollower === oldFollower;
    if (newLeader >= 0 && !accepts(i, newLeader)) return -Infinity;
    if (newFollower >= 0 && !waits && !accepts(newFollower, i)) return -Infinity;
    const outlook = {
      own: follow(i, leader),
      ownAfter: follow(i, newLeader),
      newFollower: newFollower < 0 ? 0 : follow(newFollower, newLeader),
      newFollowerAfter: newFollower < 0 ? 0 : follow(newFollower, i),
      oldFollower: oldFollower < 0 ? 0 : follow(oldFollower, i),
      oldFollowerAfter: oldFollower < 0 ? 0 : follow(oldFollower, leader),
    };
    const limits = must ? { ...profile[i], safeDeceleration: mergingDeceleration } : profile[i];
    return changeIncentive(limits, outlook, biasTowards(i, from, to));
  }

  return {
    decide(i, time) {
      if (fleet.leaving[i] >= 0) return;
      const from = fleet.lane[i];
      // Who is in its exit lane stays there.
      if (fleet.exits[i] === exitKinds.wanted && deadEnds[from] < Infinity) return;
      const room = roadLeft(i, from);
      const must = room < sightOfLaneEnd;
      if (!must && (time < fleet.restUntil[i] || speed[i] < slowestChange)) return;
      // Too late to move over before the end: brake first.
      const longest = must ? room - length[i] / 2 - spareRoom : Infinity;
      if (longest < Math.max(shortestPath, sharpestPath * speed[i])) return;
      const own = placeOf(orders[from], x, i, fleet.place[i]);
      const left = incentive(i, from - 1, must, own);
      const right = incentive(i, from + 1, must, own);
      if (left <= 0 && right <= 0) return;
      const to = left > right ? from - 1 : from + 1;
      insertAt(orders[to], placeAt(orders[to], x, x[i]), i);
      fleet.lane[i] = to;
      fleet.leaving[i] = from;
      fleet.wavering[i] = rng.uniform() < population.abandonedChangeFraction && !must ? 1 : 0;
      startPath(fleet, road, i, to, 0, longest);
    },

    proceed(time) {
      for (let i = 0; i < traffic.count; i++) {
        const from = fleet.leaving[i];
        if (from < 0) continue;
        const p = fleet.progress[i];
        if (fleet.wavering[i] === 1 && p > lastTurningBack) {
          // Back to where it came from: it still has its place in that lane.
          fleet.wavering[i] = 0;
          const to = fleet.lane[i];
          fleet.lane[i] = from;
          fleet.leaving[i] = to;
          const slope = Math.tan(traffic.heading[i]) / progressPerMeter(fleet, i);
          startPath(fleet, road, i, from, slope);
        } else if (p >= 1) {
          const lane = orders[from];
          removeAt(lane, placeOf(lane, x, i));
          fleet.leaving[i] = -1;
          fleet.restUntil[i] = time + profile[i].patience;
        }
      }
    },
  };
}

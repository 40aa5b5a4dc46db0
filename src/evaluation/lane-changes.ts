import {
  laneAt,
  timeGap,
  type Road,
  type Traffic,
  type VehicleShape,
  type VehicleState,
} from "../sim/index.ts";

/**
 * A lane change of the ego and the room it left: post-encroachment times, each from the moment a place is left until it is
 * taken again. What is still open when the episode ends is extended at the speeds of the end.
 */
export interface LaneChange {
  /** The first frame that has the ego's center in the new lane. */
  readonly frame: number;
  readonly fromLane: number;
  readonly toLane: number;
  /** From then until the ego's front is where the new leader's rear was [s]; `Infinity` without one. */
  readonly behindLeader: number;
  /** From then until the new follower's front is where the ego's rear was [s]; `Infinity` without one. */
  readonly beforeFollower: number;
}

/** Sees the ego among the others at every frame and times its lane changes. */
export interface LaneChangeMeter {
  see(frame: number, ego: Readonly<VehicleState>, traffic: Traffic): void;
  /** All lane changes, at the instant of the last `see`. */
  finish(ego: Readonly<VehicleState>, traffic: Traffic): LaneChange[];
}

type Open = { -readonly [Name in keyof LaneChange]: LaneChange[Name] } & {
  readonly leaderRear: number;
  readonly egoRear: number;
  readonly followerId: number;
};

/** A time that is not known yet; nobody waits for less than nothing. */
const unknown = -1;

export function createLaneChangeMeter(road: Road, shape: VehicleShape, dt: number): LaneChangeMeter {
  const changes: Open[] = [];
  let lane = -1;
  let now = 0;

  const begin = (toLane: number, ego: Readonly<VehicleState>, traffic: Traffic): void => {
    const { leader, follower } = neighborsIn(road, toLane, traffic, ego.x);
    changes.push({
      frame: now,
      fromLane: lane,
      toLane,
      behindLeader: leader < 0 ? Infinity : unknown,
      beforeFollower: follower < 0 ? Infinity : unknown,
      leaderRear: leader < 0 ? Infinity : traffic.x[leader] - traffic.length[leader] / 2,
      egoRear: ego.x - shape.length / 2,
      followerId: follower < 0 ? -1 : traffic.id[follower],
    });
  };

  /** Seconds from the change until a front bumper that is `beyond` [m] a place reached it; Infinity in another lane. */
  const timeOf = (change: Open, beyond: number, speed: number, y: number, width: number): number => {
    const { center, width: laneWidth } = road.lanes[change.toLane];
    if (Math.abs(y - center) >= (laneWidth + width) / 2) return Infinity;
    const elapsed = (now - change.frame) * dt;
    return Math.max(
      0,
      beyond >= 0 && speed > 0 ? elapsed - beyond / speed : elapsed + timeGap(-beyond, speed),
    );
  };

  const look = (change: Open, ego: Readonly<VehicleState>, traffic: Traffic, last: boolean): void => {
    if (change.behindLeader === unknown) {
      const beyond = ego.x + shape.length / 2 - change.leaderRear;
      if (beyond >= 0 || last) change.behindLeader = timeOf(change, beyond, ego.speed, ego.y, shape.width);
    }
    if (change.beforeFollower !== unknown) return;
    let i = traffic.count - 1;
    while (i >= 0 && traffic.id[i] !== change.followerId) i--;
    if (i < 0) {
      // Out of sight, or gone from the record: it does not come any more.
      change.beforeFollower = Infinity;
      return;
    }
    const beyond = traffic.x[i] + traffic.length[i] / 2 - change.egoRear;
    if (beyond >= 0 || last)
      change.beforeFollower = timeOf(change, beyond, traffic.speed[i], traffic.y[i], traffic.width[i]);
  };

  return {
    see(frame, ego, traffic) {
      now = frame;
      const current = laneAt(road, ego.x, ego.y);
      if (current >= 0 && lane >= 0 && current !== lane) begin(current, ego, traffic);
      if (current >= 0) lane = current;
      for (const change of changes) look(change, ego, traffic, false);
    },
    finish(ego, traffic) {
      for (const change of changes) look(change, ego, traffic, true);
      return changes.map(({ frame, fromLane, toLane, behindLeader, beforeFollower }) => ({
        frame,
        fromLane,
        toLane,
        behindLeader,
        beforeFollower,
      }));
    },
  };
}

/** The nearest vehicles ahead of and behind `x` [m] whose centers are in a lane; -1 where there is none. */
function neighborsIn(road: Road, lane: number, { count, x: xs, y }: Traffic, x: number) {
  let leader = -1;
  let follower = -1;
  for (let i = 0; i < count; i++) {
    if (laneAt(road, xs[i], y[i]) !== lane) continue;
    if (xs[i] >= x) {
      if (leader < 0 || xs[i] < xs[leader]) leader = i;
    } else if (follower < 0 || xs[i] > xs[follower]) follower = i;
  }
  return { leader, follower };
}

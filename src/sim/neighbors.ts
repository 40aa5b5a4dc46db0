import { laneAt, type Road } from "./road.ts";
import type { Traffic } from "./traffic.ts";

/** The vehicles around a position in one lane, as indices into the traffic; -1 where there is none. */
export interface Neighbors {
  readonly leader: number;
  readonly follower: number;
}

/**
 * The nearest vehicles ahead of and behind `x` [m] in every lane, leftmost first. A vehicle belongs to the lane
 * its center is in, and also to a neighboring lane once its side reaches `intrusion` [m] into it, so that one that
 * is changing lanes is seen from both.
 * @param skip index of the vehicle that asks, or -1.
 */
export function neighborsByLane(
  road: Road,
  traffic: Traffic,
  x: number,
  skip = -1,
  intrusion = 0.3,
): Neighbors[] {
  const leaders = road.lanes.map(() => -1);
  const followers = road.lanes.map(() => -1);
  for (let i = 0; i < traffic.count; i++) {
    if (i === skip) continue;
    const own = laneAt(road, traffic.x[i], traffic.y[i]);
    for (let lane = 0; lane < road.lanes.length; lane++) {
      const { center, width } = road.lanes[lane];
      const inside = (width + traffic.width[i]) / 2 - Math.abs(traffic.y[i] - center);
      if (lane !== own && inside < intrusion) continue;
      if (traffic.x[i] >= x) {
        if (leaders[lane] < 0 || traffic.x[i] < traffic.x[leaders[lane]]) leaders[lane] = i;
      } else if (followers[lane] < 0 || traffic.x[i] > traffic.x[followers[lane]]) followers[lane] = i;
    }
  }
  return leaders.map((leader, lane) => ({ leader, follower: followers[lane] }));
}

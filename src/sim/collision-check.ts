import { boxesOverlap } from "../core/index.ts";
import type { Fleet } from "./fleet.ts";
import { placeAt, type LaneOrder } from "./lane-order.ts";
import type { Road } from "./road.ts";
import { boxOf } from "./traffic.ts";

/** No corner of a vehicle is farther from its center than this [m]. */
const longestReach = 30;

/**
 * Counts pairs of vehicles that overlap, without trusting the rules that keep them apart. In a lane only those
 * who follow each other can be the first to touch; who pokes out of its lanes is compared with those beside it.
 * Guests answer for themselves: a pair with one of them does not count.
 */
export function countCollisions(fleet: Fleet, road: Road, orders: readonly LaneOrder[]): number {
  const { traffic, lane, leaving } = fleet;
  const { x, y, heading, length, width } = traffic;
  let collisions = 0;
  for (let laneIndex = 0; laneIndex < orders.length; laneIndex++) {
    const { order, count } = orders[laneIndex];
    const { center, width: laneWidth } = road.lanes[laneIndex];
    // Of the leader, as it was looked at the last time round.
    let leader = -1;
    let leaderRear = Infinity;
    let leaderSlack = 0;
    for (let place = 0; place < count; place++) {
      const i = order[place];
      const halfLength = length[i] / 2;
      const halfWidth = width[i] / 2;
      const turned = Math.abs(heading[i]);
      // A turned box is longer along the road than its length by at most its width times its heading.
      const slack = halfWidth * turned;
      if (leaderRear - x[i] - halfLength < leaderSlack + slack && touch(fleet, i, leader)) collisions++;
      leader = i;
      leaderRear = x[i] - halfLength;
      leaderSlack = slack;
      if (
        Math.abs(y[i] - center) + halfWidth + halfLength * turned > laneWidth / 2 &&
        lane[i] === laneIndex &&
        leaving[i] < 0
      ) {
        collisions += touchedBy(fleet, i, orders[laneIndex - 1]) + touchedBy(fleet, i, orders[laneIndex + 1]);
      }
    }
  }
  return collisions;
}

/** Vehicles of a lane beside its own, where there is one, that vehicle `i` touches. */
function touchedBy(fleet: Fleet, i: number, beside: LaneOrder | undefined): number {
  let touched = 0;
  if (beside === undefined) return touched;
  const { x, length, width } = fleet.traffic;
  const reach = (length[i] + width[i]) / 2 + longestReach;
  for (let place = placeAt(beside, x, x[i] + reach); place < beside.count; place++) {
    const j = beside.order[place];
    if (x[j] < x[i] - reach) break;
    if (touch(fleet, i, j)) touched++;
  }
  return touched;
}

function touch({ guest, traffic }: Fleet, i: number, j: number): boolean {
  return guest[i] < 0 && guest[j] < 0 && boxesOverlap(boxOf(traffic, i), boxOf(traffic, j));
}

import { boxesOverlap } from "../core/index.ts";
import type { Fleet } from "./fleet.ts";
import type { LaneOrder } from "./lane-order.ts";
import type { Road } from "./road.ts";

/**
 * Counts pairs of vehicles that overlap, without trusting the rules that keep them apart. In a lane only those
 * who follow each other can be the first to touch; who pokes out of its lanes is compared with those beside it.
 * Guests answer for themselves: a pair with one of them does not count.
 */
export function countCollisions(fleet: Fleet, road: Road, orders: readonly LaneOrder[]): number {
  const { traffic, lane, leaving, guest } = fleet;
  const { x, y, heading, length, width } = traffic;
  let collisions = 0;

  const slack = (i: number): number => (width[i] / 2) * Math.abs(heading[i]);
  const touch = (i: number, j: number): boolean =>
    guest[i] < 0 && guest[j] < 0 && boxesOverlap(boxOf(fleet, i), boxOf(fleet, j));

  for (let laneIndex = 0; laneIndex < orders.length; laneIndex++) {
    const { order, count } = orders[laneIndex];
    const { center, width: laneWidth } = road.lanes[laneIndex];
    for (let place = 0; place < count; place++) {
      const i = order[place];
      if (place > 0) {
        const leader = order[place - 1];
        const apart = x[leader] - x[i] - (length[leader] + length[i]) / 2;
        // A turned box is longer along the road than its length by at most its width times its heading.
        if (apart < 2 && apart < slack(leader) + slack(i) && touch(i, leader)) collisions++;
      }
      if (lane[i] !== laneIndex || leaving[i] >= 0) continue;
      const turned = heading[i] > 0 ? heading[i] : -heading[i];
      const aside = y[i] > center ? y[i] - center : center - y[i];
      if (aside + (width[i] + length[i] * turned) / 2 > laneWidth / 2)
        collisions += touchedBeside(i, laneIndex);
    }
  }
  return collisions;

  /** Vehicles of the neighboring lanes that vehicle `i` touches. */
  function touchedBeside(i: number, laneIndex: number): number {
    let touched = 0;
    for (const side of [laneIndex - 1, laneIndex + 1]) {
      const beside = orders[side];
      if (beside === undefined) continue;
      for (let place = 0; place < beside.count; place++) if (touch(i, beside.order[place])) touched++;
    }
    return touched;
  }
}

function boxOf({ traffic }: Fleet, i: number) {
  const { x, y, heading, length, width } = traffic;
  return { x: x[i], y: y[i], heading: heading[i], length: length[i], width: width[i] };
}

import type { Fleet } from "./fleet.ts";
import { insertAt, placeAt, type LaneOrder } from "./lane-order.ts";
import { laneAt, type Road } from "./road.ts";
import type { Guests } from "./step.ts";
import type { Action } from "./vehicle.ts";

/** The turn of one who never has one: guests neither look nor think. */
export const noTurn = 255;

/** A guest counts in the next lane too once its side reaches this far into it [m]; as in `neighborsByLane`. */
const guestIntrusion = 0.3;

/** Guests of a fleet with their places in it. */
export interface GuestList extends Guests {
  /** Where guest `number` is among the vehicles, -1: not on the road. */
  indexOf(number: number): number;
}

/** Guests may do what no simulated driver does, pass through others included, so their places are found anew each step. */
export function createGuests(
  fleet: Fleet,
  road: Road,
  orders: readonly LaneOrder[],
  actions: readonly Readonly<Action>[],
): GuestList {
  const { traffic, guest, lane, leaving } = fleet;

  function removeFrom(laneIndex: number, i: number): void {
    if (laneIndex < 0) return;
    const members = orders[laneIndex];
    const place = members.order.indexOf(i);
    members.order.copyWithin(place, place + 1, members.count);
    members.count--;
  }

  function insertInto(laneIndex: number, i: number): void {
    if (laneIndex < 0) return;
    insertAt(orders[laneIndex], placeAt(orders[laneIndex], traffic.x, traffic.x[i]), i);
  }

  return {
    indexOf(number) {
      const i = guest.indexOf(number);
      return i < traffic.count ? i : -1;
    },
    act(from, end) {
      for (let i = from; i < end; i++) {
        if (guest[i] < 0) continue;
        const { acceleration, steering } = actions[guest[i]];
        fleet.acceleration[i] = acceleration;
        fleet.steering[i] = steering;
      }
    },
    settle() {
      for (let i = 0; i < traffic.count; i++) {
        if (guest[i] < 0) continue;
        removeFrom(lane[i], i);
        removeFrom(leaving[i], i);
      }
      for (let i = 0; i < traffic.count; i++) {
        if (guest[i] < 0) continue;
        lane[i] = nearestLane(road, traffic.x[i], traffic.y[i]);
        leaving[i] = straddledLane(
          road,
          lane[i],
          traffic.x[i],
          traffic.y[i],
          traffic.width[i],
          guestIntrusion,
        );
        fleet.progress[i] = 0;
        insertInto(lane[i], i);
        insertInto(leaving[i], i);
      }
    },
  };
}

/** The lane a point is on [m], or the one nearest to it. */
export function nearestLane(road: Road, x: number, y: number): number {
  const own = laneAt(road, x, y);
  if (own >= 0) return own;
  let best = 0;
  let least = Infinity;
  for (let i = 0; i < road.lanes.length; i++) {
    const lane = road.lanes[i];
    // A lane that is not there is worth a detour sideways.
    const missing = Math.max(0, lane.start - x, x - lane.end);
    const away = Math.abs(y - lane.center) + missing;
    if (away < least) {
      best = i;
      least = away;
    }
  }
  return best;
}

/** The neighbor of lane `own` into which a vehicle reaches further than `intrusion` [m], -1: none. */
export function straddledLane(
  road: Road,
  own: number,
  x: number,
  y: number,
  width: number,
  intrusion: number,
): number {
  const side = y > road.lanes[own].center ? own - 1 : own + 1;
  const beside = road.lanes[side];
  if (beside === undefined || laneAt(road, x, beside.center) !== side) return -1;
  const inside = (beside.width + width) / 2 - Math.abs(y - beside.center);
  return inside > intrusion ? side : -1;
}

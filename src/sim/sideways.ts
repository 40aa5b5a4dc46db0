import type { Fleet } from "./fleet.ts";
import { gapBetweenIn } from "./fleet.ts";
import { straddledLane } from "./guests.ts";
import type { HandedVehicle } from "./hand-over.ts";
import { insertAt, placeAt, type LaneOrder } from "./lane-order.ts";
import type { Road } from "./road.ts";
import { progressPerMeter, startPath } from "./steering.ts";
import { canStopBehind } from "./stopping.ts";

/** Who reaches over a line without changing lanes is back after so long [s], but over no less road than this [m]. */
const returnSeconds = 3;
const shortestPath = 6;
/** A car that steers back to the middle of its lane goes on sideways for as far as its sideways speed times this [s]. */
const overshootSeconds = 0.45;
/** Two beside each other who would touch within so long [s] do not go on like that. */
const touchSeconds = 1.5;

/** The neighboring lane that a vehicle reaches into, or will before it has come to rest in its own; -1: none. */
export function touchedLane(road: Road, { laneIndex, state, profile }: HandedVehicle): number {
  const { x, y, speed, heading } = state;
  const ahead = y + overshootSeconds * speed * Math.sin(heading);
  const now = straddledLane(road, laneIndex, x, y, profile.width, 0);
  return now >= 0 ? now : straddledLane(road, laneIndex, x, ahead, profile.width, 0);
}

/**
 * Goes on with what a vehicle that has just been handed over does sideways. A lane change goes on, but where its
 * center has not crossed the line yet it turns back if people took a gap there that these drivers would not. Who
 * reaches over a line without changing lanes comes back, and counts in both lanes until then.
 */
export function goOnSideways(
  fleet: Fleet,
  road: Road,
  orders: readonly LaneOrder[],
  i: number,
  handed: HandedVehicle,
  dt: number,
): void {
  const { change, laneIndex, state } = handed;
  const { x, y, width, speed, heading } = fleet.traffic;
  if (change !== null && laneIndex === change.from && findsRoom(change.to, keepsClear)) {
    moveOver(change.from, change.to, change.distance);
    return;
  }
  const touched = touchedLane(road, handed);
  if (touched < 0 || !findsRoom(touched, mustYield)) return;
  moveOver(touched, laneIndex, change?.to === laneIndex ? change.distance : returnSeconds * state.speed);

  /** Whether it keeps that relation to those ahead and behind in a lane in which it has no place yet. */
  function findsRoom(to: number, relation: (behind: number, ahead: number) => boolean): boolean {
    const { order, count } = orders[to];
    const place = placeAt(orders[to], x, x[i]);
    return (place === 0 || relation(i, order[place - 1])) && (place === count || relation(order[place], i));
  }

  function keepsClear(behind: number, ahead: number): boolean {
    return canStopBehind(gapBetweenIn(fleet, behind, ahead), speed[behind], speed[ahead], dt);
  }

  /** Could stop behind it, or must try since the two are about to touch sideways. */
  function mustYield(behind: number, ahead: number): boolean {
    if (keepsClear(behind, ahead)) return true;
    const side = Math.sign(y[ahead] - y[behind]);
    const clearance = side * (y[ahead] - y[behind]) - (width[ahead] + width[behind]) / 2;
    const drift = (j: number): number => speed[j] * Math.sin(heading[j]);
    return clearance < side * (drift(behind) - drift(ahead)) * touchSeconds;
  }

  function moveOver(from: number, to: number, distance: number): void {
    const other = orders[fleet.lane[i] === to ? from : to];
    insertAt(other, placeAt(other, x, x[i]), i);
    fleet.lane[i] = to;
    fleet.leaving[i] = from;
    startPath(fleet, road, i, to, 0, Math.max(distance, shortestPath, speed[i]));
    fleet.pathSlope[i] = Math.tan(heading[i]) / progressPerMeter(fleet, i);
  }
}

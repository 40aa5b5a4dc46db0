import type { OrientedBox } from "../core/index.ts";
import { neighborsByLane } from "./neighbors.ts";
import { laneAt, type Road } from "./road.ts";
import { gapBetween, requiredDeceleration, timeGap, timeToCollision } from "./safety.ts";
import type { Traffic } from "./traffic.ts";
import type { VehicleShape, VehicleState } from "./vehicle.ts";

/** How safely an ego drives at one instant, with respect to its lane. `Infinity` where nobody is concerned. */
export interface SafetyNumbers {
  /** Bumper to bumper to the leader [m]. */
  readonly gap: number;
  /** gap / own speed [s]. */
  readonly timeGap: number;
  /** Until contact with the leader at constant speeds [s]. */
  readonly timeToCollision: number;
  /** Braking that just avoids that contact [m/s²]; 0 when not closing. */
  readonly requiredDeceleration: number;
  /** Bumper to bumper from the follower [m]. */
  readonly followerGap: number;
  /** Braking that the ego imposes on its follower [m/s²]: what the follower needs to avoid contact. */
  readonly imposedDeceleration: number;
}

/**
 * Safety numbers of an ego among others. Off all lanes there is neither leader nor follower.
 * @param skip index of the ego itself in `traffic`, or -1.
 */
export function safetyNumbers(
  road: Road,
  traffic: Traffic,
  ego: Readonly<VehicleState>,
  shape: VehicleShape,
  skip = -1,
): SafetyNumbers {
  const lane = laneAt(road, ego.x, ego.y);
  const around = lane < 0 ? undefined : neighborsByLane(road, traffic, ego.x, skip)[lane];
  const leader = around?.leader ?? -1;
  const follower = around?.follower ?? -1;
  const { x, speed, length } = traffic;
  const gap = leader < 0 ? Infinity : gapBetween(ego.x, shape.length, x[leader], length[leader]);
  const closing = leader < 0 ? 0 : ego.speed - speed[leader];
  const followerGap =
    follower < 0 ? Infinity : gapBetween(x[follower], length[follower], ego.x, shape.length);
  const followerClosing = follower < 0 ? 0 : speed[follower] - ego.speed;
  return {
    gap,
    timeGap: timeGap(gap, ego.speed),
    timeToCollision: timeToCollision(gap, closing),
    requiredDeceleration: requiredDeceleration(gap, closing),
    followerGap,
    imposedDeceleration: requiredDeceleration(followerGap, followerClosing),
  };
}

/**
 * Post-encroachment time [s] of a vehicle that changed lanes: from the moment its rear left a place until the new
 * follower's front reached it, both at the speeds of the instant. `Infinity` when the follower stands.
 */
export function postEncroachmentTime(
  changer: Pick<OrientedBox, "x" | "length">,
  follower: Pick<OrientedBox, "x" | "length"> & { readonly speed: number },
): number {
  return timeGap(gapBetween(follower.x, follower.length, changer.x, changer.length), follower.speed);
}

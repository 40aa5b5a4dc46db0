import { planeOf } from "./bend.ts";
import type { Road } from "./road.ts";
import { findCollision, type Collision } from "./safety.ts";
import { createTraffic, type Traffic } from "./traffic.ts";
import type { VehicleShape, VehicleState } from "./vehicle.ts";

/**
 * `findCollision` on any road: boxes touch in the plane, so on a bent road everyone near is looked at there.
 * @param skip index of the ego itself in `traffic`, or -1.
 */
export function findContact(
  { bend }: Road,
  ego: Readonly<VehicleState>,
  shape: VehicleShape,
  traffic: Traffic,
  skip = -1,
): Collision | null {
  if (bend === undefined) return findCollision(ego, shape, traffic, skip);
  const plane = planeOf(bend);
  const near: number[] = [];
  for (let i = 0; i < traffic.count; i++) {
    // Twice what boxes reach: a lane inside the bend is shorter than the road coordinates say.
    const reach = shape.length + traffic.length[i];
    if (i !== skip && Math.abs(traffic.x[i] - ego.x) < reach) near.push(i);
  }
  if (near.length === 0) return null;
  const placed = createTraffic(near.length);
  placed.count = near.length;
  near.forEach((i, place) => {
    const pose = plane.place({ x: traffic.x[i], y: traffic.y[i], heading: traffic.heading[i] });
    placed.id[place] = traffic.id[i];
    placed.x[place] = pose.x;
    placed.y[place] = pose.y;
    placed.heading[place] = pose.heading;
    placed.length[place] = traffic.length[i];
    placed.width[place] = traffic.width[i];
  });
  const found = findCollision({ ...plane.place(ego), speed: ego.speed }, shape, placed);
  return found && { ...found, index: near[found.index] };
}

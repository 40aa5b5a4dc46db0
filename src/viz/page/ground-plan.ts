import type { Pose } from "../../core/index.ts";
import { planeOf, type Road } from "../../sim/index.ts";

/** Takes a pose in road coordinates to the plane that is drawn; on a straight road they are the same. */
export type GroundPlan = (pose: Pose) => Pose;

/** How a road lies on the ground. */
export function groundPlanOf({ bend }: Road): GroundPlan {
  return bend === undefined ? (pose) => pose : planeOf(bend).place;
}

/** Curved edges are drawn in pieces of this length [m]: they miss a curve of 200 m radius by a centimeter. */
const piece = 4;

/** The points of a line along the road from `start` to `end`, `y` to the left of its reference line, in the plane [m]. */
export function lineAlong(road: Road, plan: GroundPlan, y: number, start: number, end: number): Pose[] {
  const pieces = road.bend === undefined ? 1 : Math.max(1, Math.ceil((end - start) / piece));
  return Array.from({ length: pieces + 1 }, (_, i) =>
    plan({ x: start + ((end - start) * i) / pieces, y, heading: 0 }),
  );
}

/**
 * Coordinate frames. A point on the road is not a point as the ego sees it, and neither is a pixel: the brand
 * makes the compiler say so, and the functions here are the only way across.
 *
 *   road   x along the road, y to the left, origin on the center of the leftmost lane [m]
 *   ego    x ahead of the ego's center, y to its left [m]
 */
declare const frame: unique symbol;
interface Framed<Name extends string> {
  readonly x: number;
  readonly y: number;
  readonly [frame]?: Name;
}
export type RoadPoint = Framed<"road">;
export type EgoPoint = Framed<"ego">;

/** Where the ego frame sits on the road: center [m] and heading [rad, counter-clockwise from the road axis]. */
export interface Pose {
  readonly x: number;
  readonly y: number;
  readonly heading: number;
}

/** Expresses a road point in the ego frame of `pose`. */
export function roadToEgo(pose: Pose, point: RoadPoint): EgoPoint {
  const cos = Math.cos(pose.heading);
  const sin = Math.sin(pose.heading);
  const dx = point.x - pose.x;
  const dy = point.y - pose.y;
  return { x: dx * cos + dy * sin, y: dy * cos - dx * sin };
}

/** Expresses a point of the ego frame of `pose` on the road; the inverse of `roadToEgo`. */
export function egoToRoad(pose: Pose, point: EgoPoint): RoadPoint {
  const cos = Math.cos(pose.heading);
  const sin = Math.sin(pose.heading);
  return { x: pose.x + point.x * cos - point.y * sin, y: pose.y + point.x * sin + point.y * cos };
}

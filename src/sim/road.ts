import { boxCorners, type OrientedBox } from "../core/index.ts";
import { planeOf, turnAt, type Bend } from "./bend.ts";

/**
 * A lane of a road. x runs along the road, y to the left, y = 0 on the center of the leftmost lane [m].
 * A lane may exist on part of the road only (auxiliary lanes, ramps, lane drops).
 */
export interface Lane {
  /** Lateral position of the center line [m]. */
  readonly center: number;
  readonly width: number;
  /** The stretch of road on which the lane exists [m]. */
  readonly start: number;
  readonly end: number;
}

/** A multi-lane road, straight or bent. */
export interface Road {
  readonly name: string;
  readonly length: number;
  /** Leftmost first: the index is the `laneIndex`. */
  readonly lanes: readonly Lane[];
  /** Absent: the road is straight, and road coordinates are those of the plane. */
  readonly bend?: Bend;
}

/** How far a corner of a vehicle may reach over the edge of the road before it counts as off the road [m] (nuPlan). */
export const edgeTolerance = 0.3;

/** Whether the lane exists at `x` [m]; what reaches an end of the road is taken to go on beyond it. */
export function laneExistsAt(road: Road, lane: Lane, x: number): boolean {
  return (lane.start <= 0 || x >= lane.start) && (lane.end >= road.length || x <= lane.end);
}

/** The `laneIndex` of the lane whose center line is nearest to a point on it [m], or -1 outside all lanes. */
export function laneAt(road: Road, x: number, y: number): number {
  let best = -1;
  let nearest = Infinity;
  for (let i = 0; i < road.lanes.length; i++) {
    const lane = road.lanes[i];
    const aside = Math.abs(y - lane.center);
    if (aside <= lane.width / 2 && aside < nearest && laneExistsAt(road, lane, x)) {
      best = i;
      nearest = aside;
    }
  }
  return best;
}

/**
 * Whether a vehicle is on the road: its center is in a lane and no corner reaches more than `edgeTolerance`
 * beyond the lanes.
 */
export function isOnRoad(road: Road, box: OrientedBox): boolean {
  return (
    laneAt(road, box.x, box.y) >= 0 &&
    cornersOnRoad(road, box).every(([x, y]) =>
      road.lanes.some(
        (lane) => Math.abs(y - lane.center) <= lane.width / 2 + edgeTolerance && laneExistsAt(road, lane, x),
      ),
    )
  );
}

/** The corners of a box, all in road coordinates: in a bend they are not where they would be on a straight road. */
export function cornersOnRoad({ bend }: Road, box: OrientedBox): [number, number][] {
  if (bend === undefined) return boxCorners(box);
  const plane = planeOf(bend);
  return boxCorners({ ...box, ...plane.place(box) }).map(([x, y]) => {
    const corner = plane.locate(x, y, box.x);
    return [corner.x, corner.y];
  });
}

/**
 * The x that a vehicle at (`x`, `y`) would have on a straight road, as far from one at (`fromX`, `fromY`) as it is in
 * truth: on a bend outer lanes are longer than the reference line and inner ones shorter, x − ∫ curvature · y dx.
 */
export function unbent({ bend }: Road, fromX: number, fromY: number, x: number, y: number): number {
  if (bend === undefined) return x;
  return x - ((fromY + y) / 2) * (turnAt(bend, x) - turnAt(bend, fromX));
}

/** A straight road of equal lanes along its whole length [m]. */
export function straightRoad(name: string, length: number, laneCount: number, laneWidth = 3.7): Road {
  const lanes = Array.from({ length: laneCount }, (_, i) => ({
    center: i === 0 ? 0 : -i * laneWidth,
    width: laneWidth,
    start: 0,
    end: length,
  }));
  return { name, length, lanes };
}

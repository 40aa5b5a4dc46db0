import { boxesOverlap, type OrientedBox } from "../core/index.ts";
import { curvatureAt, planeOf, turnAt, type Bend } from "./bend.ts";
import type { Fleet } from "./fleet.ts";
import { followingFields, followingStride } from "./fleet.ts";
import { placeAt, type LaneOrder } from "./lane-order.ts";
import type { Road } from "./road.ts";

/**
 * Lateral acceleration that drivers find comfortable in a bend [m/s²]; observed means on highway curves lie between 1
 * and 2 (AASHTO, A Policy on Geometric Design of Highways and Streets, side friction of 0.10 to 0.20).
 */
export const comfortableTurn = 1.6;
/** How hard drivers brake before a bend that they see coming [m/s²]. */
const approachDeceleration = 0.7;
/** The boldest and the most timid take a bend at this part of the comfortable speed. */
const boldest = 1.15;
const shyest = 0.75;

/** The speed [m/s] at which a bend is comfortable on a path of this curvature [1/m]. */
export function comfortableSpeed(curvature: number): number {
  return Math.sqrt(comfortableTurn / Math.abs(curvature));
}

/**
 * The speed [m/s] with which to be at `x` on a path `y` m left of the reference line, so that what lies ahead can be
 * taken in comfort: the bend comes into sight `sight` m before it.
 */
export function bendSpeed(bend: Bend, x: number, y: number, sight: number): number {
  let fastest = Infinity;
  for (let ahead = 0; ahead <= sight; ahead += 5) {
    const curvature = curvatureAt(bend, x + ahead);
    if (curvature === 0) continue;
    const there = comfortableSpeed(curvature / (1 - curvature * y));
    fastest = Math.min(fastest, Math.sqrt(there * there + 2 * approachDeceleration * ahead));
  }
  return fastest;
}

/** Centers farther apart than this along the road are no contact, whatever the vehicles [m]. */
const farthest = 40;

/** How far ahead drivers look for bends [m]. */
export const bendSight = 150;

/** What a bend adds to a step of a simulation. A straight road has none, and its steps cost nothing more. */
export interface BentTraffic {
  /** Curvature of the road at each vehicle [1/m]. */
  readonly curvature: Float64Array;
  /** Looks where everyone is, and lowers what they want to drive to what the bend ahead allows. */
  look(meanDesiredSpeed: number): void;
  /** Everyone's position along the center of a lane [m]; overwritten by the next call. */
  along(laneIndex: number): Float64Array;
  /** Overlapping pairs of vehicles, judged by their boxes in the plane. */
  countCollisions(): number;
}

export function createBentTraffic(
  fleet: Fleet,
  { lanes, length }: Road,
  bend: Bend,
  orders: readonly LaneOrder[],
): BentTraffic {
  const { traffic, capacity } = fleet;
  const curvature = new Float64Array(capacity);
  const turn = new Float64Array(capacity);
  const positions = new Float64Array(capacity);
  const plane = planeOf(bend);
  // By lane and meter; nobody is simulated far beyond the ends.
  const speeds = lanes.map(({ center }) =>
    Float64Array.from({ length: Math.ceil(length) + 1 }, (_, x) => bendSpeed(bend, x, center, bendSight)),
  );
  const sharpest = Math.max(...bend.map((knot) => Math.abs(knot.curvature)));
  /** Lanes are at least this part as long as the reference line. */
  const shortest = 1 - sharpest * Math.max(...lanes.map(({ center, width }) => Math.abs(center) + width));

  const boxOf = (i: number): OrientedBox => ({
    ...plane.place({ x: traffic.x[i], y: traffic.y[i], heading: traffic.heading[i] }),
    length: traffic.length[i],
    width: traffic.width[i],
  });

  /** Whether two vehicles are so near each other that their boxes might touch. */
  function mayTouch(i: number, j: number, apart: number): boolean {
    const { y, heading, length, width } = traffic;
    const lengths = length[i] + length[j];
    if (apart * shortest > (lengths + width[i] + width[j]) / 2) return false;
    const turned = (length[i] * Math.abs(heading[i]) + length[j] * Math.abs(heading[j])) / 2;
    const swung = (sharpest * lengths * lengths) / 8;
    return Math.abs(y[i] - y[j]) < (width[i] + width[j]) / 2 + turned + swung;
  }

  return {
    curvature,
    look(meanDesiredSpeed) {
      for (let i = 0; i < traffic.count; i++) {
        const x = traffic.x[i];
        curvature[i] = curvatureAt(bend, x);
        turn[i] = turnAt(bend, x);
        const wish = fleet.profile[i].desiredSpeed;
        const boldness = Math.min(boldest, Math.max(shyest, wish / meanDesiredSpeed));
        const meter = Math.min(Math.max(0, Math.round(x)), Math.ceil(length));
        const comfortable = boldness * speeds[fleet.lane[i]][meter];
        fleet.following[i * followingStride + followingFields.desiredSpeed] = Math.min(wish, comfortable);
      }
    },
    along(laneIndex) {
      const { center } = lanes[laneIndex];
      const { order, count } = orders[laneIndex];
      for (let place = 0; place < count; place++) {
        const i = order[place];
        positions[i] = traffic.x[i] - center * turn[i];
      }
      return positions;
    },
    countCollisions() {
      let collisions = 0;
      for (let i = 0; i < traffic.count; i++) {
        orders.forEach((lane, laneIndex) => {
          for (let place = placeAt(lane, traffic.x, traffic.x[i]) - 1; place >= 0; place--) {
            const j = lane.order[place];
            const apart = traffic.x[j] - traffic.x[i];
            if (apart > farthest) break;
            if (fleet.lane[j] !== laneIndex || !mayTouch(i, j, apart)) continue;
            if (boxesOverlap(boxOf(i), boxOf(j))) collisions++;
          }
        });
      }
      return collisions;
    },
  };
}

import { projectedTimeToCollision } from "./projected-collision.ts";
import { gapBetween, requiredDeceleration, timeGap, timeToCollision } from "./safety.ts";
import type { Traffic } from "./traffic.ts";
import type { VehicleShape, VehicleState } from "./vehicle.ts";

/**
 * How safely an ego drives at one instant. A vehicle is in the ego's way when it is ahead and would overlap it sideways
 * if both went straight on along the road; the ego is in the way of a vehicle behind it likewise. Where nobody is
 * concerned, times and gaps are `Infinity` and decelerations 0.
 */
export interface SafetyNumbers {
  /** Bumper to bumper to the nearest vehicle in the way [m], at least 0. */
  gap: number;
  /** gap / own speed [s]. */
  timeGap: number;
  /** Until contact with the most pressing vehicle in the way, at constant speeds along the road [s]. */
  timeToCollision: number;
  /** Until the ego's box touches anybody's who is not behind it, both at constant velocity; `Infinity` beyond 3 s. */
  projectedTimeToCollision: number;
  /** Braking that just avoids a contact with the most pressing vehicle in the way [m/s²] (DRAC). */
  requiredDeceleration: number;
  /** Index of the nearest vehicle in whose way the ego is, -1 when there is none. */
  follower: number;
  /** Bumper to bumper from that follower [m], at least 0. */
  followerGap: number;
  /** Braking that the ego asks of that follower [m/s²]: what just avoids a contact. */
  inducedBraking: number;
}

/** Numbers of an ego alone on the road, to be filled by `measureSafety`. */
export const createSafetyNumbers = (): SafetyNumbers => ({
  gap: Infinity,
  timeGap: Infinity,
  timeToCollision: Infinity,
  projectedTimeToCollision: Infinity,
  requiredDeceleration: 0,
  follower: -1,
  followerGap: Infinity,
  inducedBraking: 0,
});

/**
 * Fills `into` with the safety numbers of an ego among others; allocates nothing.
 * @param skip index of the ego itself in `traffic`, or -1.
 */
export function measureSafety(
  ego: Readonly<VehicleState>,
  shape: VehicleShape,
  traffic: Traffic,
  into: SafetyNumbers,
  skip = -1,
): void {
  const { count, x, y, speed, length, width } = traffic;
  let leaderGap = Infinity;
  let earliest = Infinity;
  let hardest = 0;
  let follower = -1;
  for (let i = 0; i < count; i++) {
    if (i === skip || Math.abs(y[i] - ego.y) >= (shape.width + width[i]) / 2) continue;
    if (x[i] > ego.x) {
      const gap = Math.max(0, gapBetween(ego.x, shape.length, x[i], length[i]));
      const closingSpeed = ego.speed - speed[i];
      leaderGap = Math.min(leaderGap, gap);
      earliest = Math.min(earliest, timeToCollision(gap, closingSpeed));
      hardest = Math.max(hardest, requiredDeceleration(gap, closingSpeed));
    } else if (follower < 0 || x[i] + length[i] / 2 > x[follower] + length[follower] / 2) follower = i;
  }
  into.gap = leaderGap;
  into.timeGap = timeGap(leaderGap, ego.speed);
  into.timeToCollision = earliest;
  into.projectedTimeToCollision = projectedTimeToCollision(ego, shape, traffic, skip);
  into.requiredDeceleration = hardest;
  into.follower = follower;
  into.followerGap =
    follower < 0 ? Infinity : Math.max(0, gapBetween(x[follower], length[follower], ego.x, shape.length));
  into.inducedBraking =
    follower < 0 ? 0 : requiredDeceleration(into.followerGap, speed[follower] - ego.speed);
}

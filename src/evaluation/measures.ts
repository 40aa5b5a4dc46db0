import {
  gapBetween,
  timeToCollision,
  type Traffic,
  type VehicleShape,
  type VehicleState,
} from "../sim/index.ts";
import { quantile } from "./statistics.ts";

/** Times to collision beyond this are no danger and are counted as this [s]. */
export const longestTimeToCollision = 30;

/**
 * Time to collision [s] with the most pressing vehicle in the ego's way: ahead of it, and overlapping it
 * sideways if both went straight on.
 */
export function shortestTimeToCollision(
  ego: Readonly<VehicleState>,
  shape: VehicleShape,
  traffic: Traffic,
): number {
  let shortest = longestTimeToCollision;
  for (let i = 0; i < traffic.count; i++) {
    if (traffic.x[i] <= ego.x) continue;
    if (Math.abs(traffic.y[i] - ego.y) >= (shape.width + traffic.width[i]) / 2) continue;
    const gap = Math.max(0, gapBetween(ego.x, shape.length, traffic.x[i], traffic.length[i]));
    shortest = Math.min(shortest, timeToCollision(gap, ego.speed - traffic.speed[i]));
  }
  return shortest;
}

/** Accelerations and jerks from speeds this far apart, whatever the driver's own rhythm [frames]. */
const sampleFrames = 2;

/** Sees the ego's speed at every frame from the take-over on and sums up how smooth the ride was. */
export interface MotionMeter {
  see(speed: number): void;
  /** 95th percentile of |jerk| [m/s³]. */
  jerkP95(): number;
  /** Mean |acceleration| [m/s²]. */
  meanAcceleration(): number;
}

export function createMotionMeter(dt: number): MotionMeter {
  const seconds = sampleFrames * dt;
  const jerks: number[] = [];
  let seen = 0;
  let previousSpeed = 0;
  let sampledSpeed = 0;
  let sampledAcceleration: number | null = null;
  let changes = 0;
  return {
    see(speed) {
      if (seen > 0) changes += Math.abs(speed - previousSpeed);
      if (seen % sampleFrames === 0) {
        if (seen > 0) {
          const acceleration = (speed - sampledSpeed) / seconds;
          if (sampledAcceleration !== null)
            jerks.push(Math.abs(acceleration - sampledAcceleration) / seconds);
          sampledAcceleration = acceleration;
        }
        sampledSpeed = speed;
      }
      previousSpeed = speed;
      seen++;
    },
    jerkP95: () => quantile(jerks, 0.95),
    meanAcceleration: () => (seen > 1 ? changes / ((seen - 1) * dt) : 0),
  };
}

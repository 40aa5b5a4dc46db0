import { curvatureAt, type Bend } from "./bend.ts";
import type { Traffic } from "./traffic.ts";
import type { Action, VehicleState } from "./vehicle.ts";

/** A movement shorter than this [m] in one step is rounding, not driving: it has no direction. */
const shortestMovement = 1e-6;

/**
 * Moves one vehicle by one step of explicit Euler, in place:
 *
 *   position ← position + speed · dt · (cos heading, sin heading)
 *   heading  ← heading + atan(steering · speed · dt)
 *   speed    ← max(0, speed + acceleration · dt)
 *
 * all three from the old speed and heading. The heading is that of d + o·steering·speed·dt brought back to unit
 * length (d the direction, o its left normal), so no distance is lost in turning. A standing vehicle cannot turn.
 *
 * On a bent road state and step are in road coordinates: with the road's curvature k at x,
 *
 *   Δx = speed · dt · cos heading / (1 − k y)    and the heading loses k Δx, by which the road has turned.
 */
export function advance(state: VehicleState, action: Readonly<Action>, dt: number, bend?: Bend): void {
  const travelled = state.speed * dt;
  let along = travelled * cosine(state.heading);
  let turned = 0;
  if (bend !== undefined) {
    const curvature = curvatureAt(bend, state.x);
    along /= 1 - curvature * state.y;
    turned = curvature * along;
  }
  state.x += along;
  state.y += travelled * sine(state.heading);
  state.heading += arctangent(action.steering * travelled) - turned;
  state.speed = Math.max(0, state.speed + action.acceleration * dt);
}

/** `advance` for the vehicles `from` to `end` (exclusive) of the traffic, actions given as parallel arrays. */
export function advanceTraffic(
  traffic: Traffic,
  from: number,
  end: number,
  acceleration: Float64Array,
  steering: Float64Array,
  dt: number,
): void {
  const { x, y, heading, speed } = traffic;
  for (let i = from; i < end; i++) {
    const travelled = speed[i] * dt;
    x[i] += travelled * cosine(heading[i]);
    y[i] += travelled * sine(heading[i]);
    heading[i] += arctangent(steering[i] * travelled);
    const next = speed[i] + acceleration[i] * dt;
    speed[i] = next > 0 ? next : 0;
  }
}

/** `advanceTraffic` on a bent road, whose curvature at each vehicle is given [1/m]. */
export function advanceTrafficOnBend(
  traffic: Traffic,
  from: number,
  end: number,
  acceleration: Float64Array,
  steering: Float64Array,
  curvature: Float64Array,
  dt: number,
): void {
  const { x, y, heading, speed } = traffic;
  for (let i = from; i < end; i++) {
    const travelled = speed[i] * dt;
    const along = (travelled * cosine(heading[i])) / (1 - curvature[i] * y[i]);
    x[i] += along;
    y[i] += travelled * sine(heading[i]);
    heading[i] += arctangent(steering[i] * travelled) - curvature[i] * along;
    speed[i] = Math.max(0, speed[i] + acceleration[i] * dt);
  }
}

// Cars on a road hardly turn: series that are exact to rounding for small arguments save most of the time of a step.

function sine(angle: number): number {
  if (angle > 0.1 || angle < -0.1) return Math.sin(angle);
  const s = angle * angle;
  return angle * (1 - (s / 6) * (1 - (s / 20) * (1 - (s / 42) * (1 - s / 72))));
}

function cosine(angle: number): number {
  if (angle > 0.1 || angle < -0.1) return Math.cos(angle);
  const s = angle * angle;
  return 1 - (s / 2) * (1 - (s / 12) * (1 - (s / 30) * (1 - s / 56)));
}

function arctangent(slope: number): number {
  if (slope > 0.02 || slope < -0.02) return Math.atan(slope);
  const s = slope * slope;
  return slope * (1 - s * (1 / 3 - s * (1 / 5 - s * (1 / 7 - s / 9))));
}

/**
 * The action that leads from `state` to `next` in one step: the exact inverse of `advance`, for turns of less
 * than a quarter circle. A standing vehicle gets no steering.
 */
export function recoverAction(
  state: Readonly<VehicleState>,
  next: Readonly<VehicleState>,
  dt: number,
  bend?: Bend,
): Action {
  const travelled = state.speed * dt;
  let turned = next.heading - state.heading;
  if (bend !== undefined) turned += curvatureAt(bend, state.x) * (next.x - state.x);
  return {
    acceleration: (next.speed - state.speed) / dt,
    steering: travelled > 0 ? Math.tan(turned) / travelled : 0,
  };
}

/**
 * The headings [rad] and speeds [m/s] that make `advance` reproduce the given centers [m], `dt` seconds apart.
 * Entry t leads from position t to t + 1 and the last entry repeats the one before. A vehicle at rest already has
 * the heading in which it will move off, because it cannot turn while standing.
 */
export function statesFromPositions(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  dt: number,
  bend?: Bend,
): { heading: Float64Array; speed: Float64Array } {
  const count = x.length;
  const heading = new Float64Array(count);
  const speed = new Float64Array(count);
  let ahead = Number.NaN;
  for (let t = count - 2; t >= 0; t--) {
    let dx = x[t + 1] - x[t];
    if (bend !== undefined) dx *= 1 - curvatureAt(bend, x[t]) * y[t];
    const dy = y[t + 1] - y[t];
    const travelled = Math.hypot(dx, dy);
    if (travelled >= shortestMovement) {
      ahead = Math.atan2(dy, dx);
      speed[t] = travelled / dt;
    }
    heading[t] = ahead;
  }
  // What stands to the end of its track keeps the heading of its last movement.
  let behind = 0;
  for (let t = 0; t < count; t++) {
    if (Number.isNaN(heading[t]) || t === count - 1) heading[t] = behind;
    else behind = heading[t]!;
  }
  if (count > 1) speed[count - 1] = speed[count - 2]!;
  return { heading, speed };
}

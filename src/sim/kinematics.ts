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
 */
export function advance(state: VehicleState, action: Readonly<Action>, dt: number): void {
  const travelled = state.speed * dt;
  state.x += travelled * Math.cos(state.heading);
  state.y += travelled * Math.sin(state.heading);
  state.heading += Math.atan(action.steering * travelled);
  state.speed = Math.max(0, state.speed + action.acceleration * dt);
}

/**
 * The action that leads from `state` to `next` in one step: the exact inverse of `advance`, for turns of less
 * than a quarter circle. A standing vehicle gets no steering.
 */
export function recoverAction(
  state: Readonly<VehicleState>,
  next: Readonly<VehicleState>,
  dt: number,
): Action {
  const travelled = state.speed * dt;
  return {
    acceleration: (next.speed - state.speed) / dt,
    steering: travelled > 0 ? Math.tan(next.heading - state.heading) / travelled : 0,
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
): { heading: Float64Array; speed: Float64Array } {
  const count = x.length;
  const heading = new Float64Array(count);
  const speed = new Float64Array(count);
  let ahead = Number.NaN;
  for (let t = count - 2; t >= 0; t--) {
    const dx = x[t + 1]! - x[t]!;
    const dy = y[t + 1]! - y[t]!;
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
    if (Number.isNaN(heading[t]!) || t === count - 1) heading[t] = behind;
    else behind = heading[t]!;
  }
  if (count > 1) speed[count - 1] = speed[count - 2]!;
  return { heading, speed };
}

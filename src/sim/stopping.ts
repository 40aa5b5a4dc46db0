/**
 * The last resort that keeps simulated cars apart. No car brakes harder than `hardestDeceleration`, so a follower
 * stays clear of its leader for ever if it could still stop behind it with both braking that hard from now on:
 *
 *   stoppingDistance(own) + margin ≤ gap + stoppingDistance(leader)
 *
 * A step that keeps this true now can keep it true in the next one, whatever the leader does.
 */
export const hardestDeceleration = 8;

/** Clearance left after both have stopped [m]. */
export const stoppingMargin = 0.4;

/**
 * Distance [m] to a standstill in explicit Euler steps, the first of which still has full speed:
 * v² / (2 b) + v dt / 2, exact where speed is a whole number of braking steps, else short by at most b dt² / 8.
 */
export function stoppingDistance(speed: number, dt: number): number {
  return speed * (speed / (2 * hardestDeceleration) + dt / 2);
}

/** The largest speed [m/s] from which a car stops within `distance` [m]; the inverse of `stoppingDistance`. */
export function speedToStopWithin(distance: number, dt: number): number {
  if (distance <= 0) return 0;
  return hardestDeceleration * (Math.sqrt((dt * dt) / 4 + (2 * distance) / hardestDeceleration) - dt / 2);
}

/** Whether a follower can still stop behind its leader. */
export function canStopBehind(gap: number, speed: number, leaderSpeed: number, dt: number): boolean {
  return stoppingDistance(speed, dt) + stoppingMargin <= gap + stoppingDistance(leaderSpeed, dt);
}

import type { Fleet } from "./fleet.ts";
import type { HandedVehicle } from "./hand-over.ts";
import { idmAcceleration } from "./idm.ts";
import { placeAt, type LaneOrder } from "./lane-order.ts";
import { gapBetween } from "./safety.ts";
import { canStopBehind } from "./stopping.ts";

/**
 * The speed at which a newcomer can come in [m/s], as recorded or as slow as the one ahead; -1 when it would touch
 * somebody, or somebody had to brake harder than a lane change may impose.
 */
export function entrySpeed(
  fleet: Fleet,
  { order, count }: LaneOrder,
  newcomer: HandedVehicle,
  dt: number,
): number {
  const { traffic } = fleet;
  const { profile, state, guest } = newcomer;
  const place = placeAt({ order, count }, traffic.x, state.x);
  const leader = place > 0 ? order[place - 1] : -1;
  const follower = place < count ? order[place] : -1;
  const { x, length } = traffic;
  const gapAhead = leader < 0 ? Infinity : gapBetween(state.x, profile.length, x[leader], length[leader]);
  const gapBehind =
    follower < 0 ? Infinity : gapBetween(x[follower], length[follower], state.x, profile.length);
  if (gapAhead <= 0 || gapBehind <= 0) return -1;
  const leaderSpeed = leader < 0 ? Infinity : traffic.speed[leader];

  const goesWell = (speed: number): boolean => {
    if (follower >= 0) {
      const driver = fleet.profile[follower];
      const v = traffic.speed[follower];
      if (!canStopBehind(gapBehind, v, speed, dt)) return false;
      const asked = idmAcceleration(driver, driver.desiredSpeed, v, gapBehind, v - speed);
      if (guest < 0 && asked < -driver.safeDeceleration) return false;
    }
    if (leader < 0 || guest >= 0) return true;
    const asked = idmAcceleration(profile, profile.desiredSpeed, speed, gapAhead, speed - leaderSpeed);
    return canStopBehind(gapAhead, speed, leaderSpeed, dt) && asked >= -profile.safeDeceleration;
  };
  if (goesWell(state.speed)) return state.speed;
  return guest < 0 && leaderSpeed < state.speed && goesWell(leaderSpeed) ? leaderSpeed : -1;
}

import { boxesOverlap } from "../core/index.ts";
import { boxOf, type Traffic } from "./traffic.ts";
import type { VehicleShape, VehicleState } from "./vehicle.ts";

/** Bumper-to-bumper gap [m] between the centers of a follower and its leader; negative when they overlap. */
export function gapBetween(
  followerX: number,
  followerLength: number,
  leaderX: number,
  leaderLength: number,
): number {
  return leaderX - followerX - (followerLength + leaderLength) / 2;
}

/** gap / own speed [s]; `Infinity` at a standstill. */
export function timeGap(gap: number, speed: number): number {
  return speed > 0 ? gap / speed : Infinity;
}

/** gap / closing speed [s]; `Infinity` when not closing. */
export function timeToCollision(gap: number, closingSpeed: number): number {
  return closingSpeed > 0 ? gap / closingSpeed : Infinity;
}

/**
 * Deceleration [m/s², positive] that just avoids a crash with a leader of constant speed: closingSpeed² / (2 gap).
 * Zero when not closing.
 */
export function requiredDeceleration(gap: number, closingSpeed: number): number {
  if (closingSpeed <= 0) return 0;
  return gap > 0 ? (closingSpeed * closingSpeed) / (2 * gap) : Infinity;
}

/** How the ego touched another vehicle: with its front, with its side, or hit by the other from behind. */
export type CollisionClass = "hitAhead" | "hitSide" | "rearEnded";

export interface Collision {
  /** Index and id of the other vehicle in the traffic. */
  readonly index: number;
  readonly id: number;
  readonly class: CollisionClass;
}

/**
 * The first vehicle whose box overlaps the ego's, or null.
 * @param skip index of the ego itself in `traffic`, or -1.
 */
export function findCollision(
  ego: Readonly<VehicleState>,
  shape: VehicleShape,
  traffic: Traffic,
  skip = -1,
): Collision | null {
  const box = { x: ego.x, y: ego.y, heading: ego.heading, length: shape.length, width: shape.width };
  const { count, x, y, length, width, id } = traffic;
  for (let i = 0; i < count; i++) {
    const reach = (shape.length + shape.width + length[i] + width[i]) / 2;
    if (Math.abs(x[i] - ego.x) > reach || Math.abs(y[i] - ego.y) > reach || i === skip) continue;
    if (boxesOverlap(box, boxOf(traffic, i)))
      return { index: i, id: id[i], class: classify(ego, shape, traffic, i) };
  }
  return null;
}

/**
 * Boxes that have just touched overlap least along the direction they came from: a contact shallower lengthwise
 * than sideways was at a bumper, and the other vehicle's place says at which.
 */
function classify(
  ego: Readonly<VehicleState>,
  shape: VehicleShape,
  { x, y, heading, length, width }: Traffic,
  i: number,
): CollisionClass {
  const cos = Math.cos(ego.heading);
  const sin = Math.sin(ego.heading);
  const dx = x[i] - ego.x;
  const dy = y[i] - ego.y;
  const ahead = dx * cos + dy * sin;
  const left = dy * cos - dx * sin;
  const alignedWith = Math.abs(Math.cos(heading[i] - ego.heading));
  const acrossTo = Math.abs(Math.sin(heading[i] - ego.heading));
  const reachAhead = (shape.length + length[i] * alignedWith + width[i] * acrossTo) / 2;
  const reachAside = (shape.width + width[i] * alignedWith + length[i] * acrossTo) / 2;
  if (reachAside - Math.abs(left) < reachAhead - Math.abs(ahead)) return "hitSide";
  return ahead >= 0 ? "hitAhead" : "rearEnded";
}

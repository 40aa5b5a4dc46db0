import { boxesOverlap, type OrientedBox } from "../../src/core/index.ts";

/** A box that keeps speed and heading: the slow and obvious form of a vehicle in traffic. */
export interface MovingBox extends OrientedBox {
  readonly speed: number;
}

const after = (box: MovingBox, seconds: number): MovingBox => ({
  ...box,
  x: box.x + box.speed * Math.cos(box.heading) * seconds,
  y: box.y + box.speed * Math.sin(box.heading) * seconds,
});

/** The first of the times 0, step, 2 step, … up to 3 s at which the ego's box overlaps any that is not wholly behind it. */
export function projectedTimeReference(ego: MovingBox, others: readonly MovingBox[], step: number): number {
  const relevant = others.filter((other) => {
    const turn = other.heading - ego.heading;
    const ahead = (other.x - ego.x) * Math.cos(ego.heading) + (other.y - ego.y) * Math.sin(ego.heading);
    const half =
      (ego.length + other.length * Math.abs(Math.cos(turn)) + other.width * Math.abs(Math.sin(turn))) / 2;
    return ahead > -half;
  });
  for (let n = 0; n * step <= 3 + 1e-9; n++) {
    if (relevant.some((other) => boxesOverlap(after(ego, n * step), after(other, n * step)))) return n * step;
  }
  return Infinity;
}

/** Smallest constant deceleration, searched for by bisection, with which the one behind does not touch the one ahead. */
export function requiredDecelerationReference(gap: number, speed: number, leaderSpeed: number): number {
  const touches = (deceleration: number): boolean => {
    let left = gap;
    let v = speed;
    const dt = 1e-3;
    while (v > leaderSpeed) {
      left -= (v - leaderSpeed) * dt;
      if (left < 0) return true;
      v -= deceleration * dt;
      if (deceleration === 0) return true;
    }
    return false;
  };
  let low = 0;
  let high = 100;
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (touches(middle)) low = middle;
    else high = middle;
  }
  return high;
}

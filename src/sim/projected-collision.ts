import type { Traffic } from "./traffic.ts";
import type { VehicleShape, VehicleState } from "./vehicle.ts";

/** How far ahead boxes are projected [s] (nuPlan, SUMO). */
const horizon = 3;

/**
 * Time [s] until the ego's box first overlaps another one, everybody keeping speed and heading; 0 when it does now,
 * `Infinity` when it does not within `horizon`. Whoever is wholly behind the ego's rear bumper is left out:
 * to keep clear is their task.
 *
 * nuPlan looks every 0.1 s. Here the time is exact: along each of the four edge directions of two boxes the distance
 * between centers grows linearly, so that the boxes' shadows overlap during one interval; the boxes overlap while all four
 * shadows do (separating axes).
 * @param skip index of the ego itself in `traffic`, or -1.
 */
export function projectedTimeToCollision(
  ego: Readonly<VehicleState>,
  shape: VehicleShape,
  traffic: Traffic,
  skip = -1,
): number {
  const { count, x, y, heading, speed, length, width } = traffic;
  const cosEgo = Math.cos(ego.heading);
  const sinEgo = Math.sin(ego.heading);
  const egoLength = shape.length / 2;
  const egoWidth = shape.width / 2;
  const egoTurn = Math.abs(ego.heading);
  let earliest = Infinity;
  for (let i = 0; i < count; i++) {
    const dx = x[i] - ego.x;
    const dy = y[i] - ego.y;
    const halfLength = length[i] / 2;
    const halfWidth = width[i] / 2;
    // Who stays out of reach sideways or lengthwise is most of the traffic: bounds by |sin h| ≤ |h| and 1 − cos h ≤ h²/2.
    const turn = Math.abs(heading[i]);
    const aside =
      egoWidth +
      halfWidth +
      (egoLength + horizon * ego.speed) * egoTurn +
      (halfLength + horizon * speed[i]) * turn;
    if (Math.abs(dy) > aside) continue;
    const closing =
      Math.abs(speed[i] - ego.speed) + (ego.speed * egoTurn * egoTurn + speed[i] * turn * turn) / 2;
    const along = egoLength + halfLength + egoWidth * egoTurn + halfWidth * turn + horizon * closing;
    if (Math.abs(dx) > along || i === skip) continue;
    const cosOther = Math.cos(heading[i]);
    const sinOther = Math.sin(heading[i]);
    const cos = Math.abs(cosEgo * cosOther + sinEgo * sinOther);
    const sin = Math.abs(cosEgo * sinOther - sinEgo * cosOther);
    const alongEgo = egoLength + halfLength * cos + halfWidth * sin;
    const ahead = dx * cosEgo + dy * sinEgo;
    if (ahead <= -alongEgo) continue;
    const ux = speed[i] * cosOther - ego.speed * cosEgo;
    const uy = speed[i] * sinOther - ego.speed * sinEgo;

    const acrossEgo = egoWidth + halfLength * sin + halfWidth * cos;
    const left = dy * cosEgo - dx * sinEgo;
    const aheadRate = ux * cosEgo + uy * sinEgo;
    const leftRate = uy * cosEgo - ux * sinEgo;
    let begin = Math.max(enters(ahead, aheadRate, alongEgo), enters(left, leftRate, acrossEgo));
    let end = Math.min(leaves(ahead, aheadRate, alongEgo), leaves(left, leftRate, acrossEgo));
    if (!(begin < end)) continue;

    const alongOther = halfLength + egoLength * cos + egoWidth * sin;
    const acrossOther = halfWidth + egoLength * sin + egoWidth * cos;
    const aheadOther = dx * cosOther + dy * sinOther;
    const leftOther = dy * cosOther - dx * sinOther;
    const aheadOtherRate = ux * cosOther + uy * sinOther;
    const leftOtherRate = uy * cosOther - ux * sinOther;
    begin = Math.max(
      begin,
      enters(aheadOther, aheadOtherRate, alongOther),
      enters(leftOther, leftOtherRate, acrossOther),
    );
    end = Math.min(
      end,
      leaves(aheadOther, aheadOtherRate, alongOther),
      leaves(leftOther, leftOtherRate, acrossOther),
    );
    if (begin < end && end > 0 && begin < earliest) earliest = Math.max(0, begin);
  }
  return earliest <= horizon ? earliest : Infinity;
}

/** When |distance + rate · t| falls below `reach`; ±Infinity (or NaN when just touching) at rate 0. */
const enters = (distance: number, rate: number, reach: number): number =>
  (-reach - (rate < 0 ? -distance : distance)) / Math.abs(rate);

/** When |distance + rate · t| grows beyond `reach`. */
const leaves = (distance: number, rate: number, reach: number): number =>
  (reach - (rate < 0 ? -distance : distance)) / Math.abs(rate);

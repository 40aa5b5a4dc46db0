import type { Rng } from "../core/index.ts";
import {
  createTraffic,
  drawDriver,
  gapBetween,
  laneAt,
  type DriverPopulation,
  type DriverProfile,
  type VehicleShape,
} from "../sim/index.ts";
import type { FrameReader } from "./frame-reader.ts";
import type { Recording, Track } from "./recording.ts";

/** From this length on [m] a vehicle is a truck, below this width [m] a motorcycle. */
const truckLength = 8;
const motorcycleWidth = 1.3;

/** A driver is looked at this often [s]. */
const lookEvery = 1;

/**
 * How many looks weigh as much as the population. The same driver varies by as much as drivers do among
 * each other, over some ten seconds (Kesting & Treiber, Transportation Research Record 2088, 148 (2008)).
 */
const priorLooks = 10;

/** Steady following: the leader within sight [m], speeds alike [m/s], hardly any acceleration [m/s²], not crawling [m/s]. */
const followingSight = 80;
const steadyClosing = 1.5;
const steadyAcceleration = 0.7;
const crawling = 3;
/** Nobody within so many seconds ahead: free to choose a speed. */
const freeTimeGap = 4;
/** Fractions of the looks that stand for the strongest acceleration and braking of normal driving. */
const strongest = 0.95;

/** One look at a driver. */
export interface Look {
  readonly speed: number;
  readonly acceleration: number;
  /** To the leader [m] and speed by which it comes nearer [m/s]; `Infinity` and 0 when none was seen. */
  readonly gap: number;
  readonly closingSpeed: number;
}

/** Looks at one recorded driver, once a second over the whole record. */
export function looksAt(recording: Recording, reader: FrameReader, track: Track): Look[] {
  const { road, dt } = recording;
  const every = Math.max(1, Math.round(lookEvery / dt));
  const traffic = createTraffic(reader.capacity);
  const looks: Look[] = [];
  const half = Math.max(1, Math.floor(every / 2));
  for (let t = half; t + half < track.x.length; t += every) {
    const x = track.x[t];
    const laneIndex = laneAt(road, x, track.y[t]);
    reader.readAround(track.firstFrame + t, traffic, x, 2 * followingSight, -1);
    let leader = -1;
    for (let i = 0; i < traffic.count; i++) {
      if (traffic.x[i] <= x || (leader >= 0 && traffic.x[i] >= traffic.x[leader])) continue;
      if (laneAt(road, traffic.x[i], traffic.y[i]) === laneIndex) leader = i;
    }
    looks.push({
      speed: track.speed[t],
      acceleration: (track.speed[t + half] - track.speed[t - half]) / (2 * half * dt),
      gap: leader < 0 ? Infinity : gapBetween(x, track.length, traffic.x[leader], traffic.length[leader]),
      closingSpeed: leader < 0 ? 0 : track.speed[t] - traffic.speed[leader],
    });
  }
  return looks;
}

/**
 * The driver of a recorded vehicle: one drawn from the population, moved towards what the vehicle's own record shows,
 * the further the more looks tell of it. A draw rather than the mean, so that drivers with short records are as
 * different from each other as those with long ones.
 *
 * - desired time gap: median over steady following of (s √(1 − (v/v₀)⁴) − s₀) / v, the IDM in equilibrium
 * - jam gap: median gap at a standstill
 * - desired speed: median speed with nobody near ahead, never less than the fastest look
 * - maximal acceleration and comfortable deceleration: 95th percentile of accelerating and of braking
 *
 * What no record shows (reaction time, politeness, patience …) stays as drawn.
 */
export function fitDriver(
  shape: VehicleShape,
  looks: readonly Look[],
  population: DriverPopulation,
  laneCount: number,
  rng: Rng,
): DriverProfile {
  const kind = {
    ...population,
    truckFraction: shape.length >= truckLength ? 1 : 0,
    motorcycleFraction: shape.width < motorcycleWidth ? 1 : 0,
  };
  const drawn = drawDriver(kind, laneCount, rng);
  const fastest = looks.reduce((most, { speed }) => Math.max(most, speed), 0);
  const free = looks.filter(
    ({ gap, speed, acceleration }) =>
      speed > crawling &&
      gap < Infinity &&
      gap > freeTimeGap * speed &&
      Math.abs(acceleration) < steadyAcceleration,
  );
  const desiredSpeed = Math.max(
    fastest,
    towards(
      drawn.desiredSpeed,
      free.map(({ speed }) => speed),
      0.5,
    ),
  );
  const standing = looks.filter(({ speed, gap }) => speed < 0.5 && gap < 10);
  const jamGap = towards(
    drawn.jamGap,
    standing.map(({ gap }) => gap),
    0.5,
    [0.8, 5],
  );
  const following = looks.filter(
    ({ speed, acceleration, gap, closingSpeed }) =>
      speed > crawling &&
      speed < 0.95 * desiredSpeed &&
      gap < Math.min(followingSight, freeTimeGap * speed) &&
      Math.abs(closingSpeed) < steadyClosing &&
      Math.abs(acceleration) < steadyAcceleration,
  );
  const desiredTimeGap = towards(
    drawn.desiredTimeGap,
    following.map(({ speed, gap }) => {
      const ratio = (speed / desiredSpeed) ** 2;
      return (gap * Math.sqrt(1 - ratio * ratio) - jamGap) / speed;
    }),
    0.5,
    [0.3, 3],
  );
  const accelerating = looks.filter(({ acceleration }) => acceleration > 0.3);
  const braking = looks.filter(({ acceleration }) => acceleration < -0.3);
  return {
    ...drawn,
    length: shape.length,
    width: shape.width,
    desiredSpeed,
    desiredTimeGap,
    jamGap,
    maxAcceleration: towards(
      drawn.maxAcceleration,
      accelerating.map(({ acceleration }) => acceleration),
      strongest,
      [0.5, 3],
    ),
    comfortableDeceleration: towards(
      drawn.comfortableDeceleration,
      braking.map(({ acceleration }) => -acceleration),
      strongest,
      [1, 4],
    ),
  };
}

/** `drawn`, moved towards a quantile of what was seen; what was seen counts only within `bounds`. */
function towards(
  drawn: number,
  seen: readonly number[],
  fraction: number,
  [least, most]: readonly [number, number] = [0, Infinity],
): number {
  if (seen.length === 0) return drawn;
  const sorted = seen.toSorted((a, b) => a - b);
  const quantile = sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))];
  const weight = seen.length / (seen.length + priorLooks);
  return drawn + weight * (Math.min(most, Math.max(least, quantile)) - drawn);
}

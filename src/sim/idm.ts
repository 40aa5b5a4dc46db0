/**
 * Intelligent Driver Model: Treiber, Hennecke, Helbing, Phys. Rev. E 62, 1805 (2000).
 *
 *   acceleration = a (1 − (v / v₀)⁴ − (s* / s)²),   s* = s₀ + max(0, v T + v Δv / (2 √(a b)))
 *
 * with speed v, gap s, closing speed Δv, desired speed v₀, desired time gap T, jam gap s₀, maximal acceleration a
 * and comfortable deceleration b.
 */
export interface IdmParameters {
  /** Speed on an empty road [m/s]. */
  readonly desiredSpeed: number;
  /** Time gap kept behind a leader [s]. */
  readonly desiredTimeGap: number;
  /** Gap kept at a standstill [m]. */
  readonly jamGap: number;
  /** [m/s²] */
  readonly maxAcceleration: number;
  /** Positive [m/s²]. */
  readonly comfortableDeceleration: number;
}

/** A gap is never taken to be smaller than this [m]: the braking it asks for is already beyond any car. */
const smallestGap = 0.1;

/**
 * Acceleration [m/s²] towards a desired speed [m/s] (given apart: a limit may lower it) behind a leader.
 * Above the desired speed the driver slows down with the comfortable deceleration at most.
 * @param gap to the leader [m], `Infinity` without one.
 * @param closingSpeed own minus leader's speed [m/s]; any number without a leader.
 */
export function idmAcceleration(
  parameters: IdmParameters,
  desiredSpeed: number,
  speed: number,
  gap: number,
  closingSpeed: number,
): number {
  const { maxAcceleration, comfortableDeceleration, desiredTimeGap, jamGap } = parameters;
  return accelerationFrom(
    desiredSpeed,
    speed,
    gap,
    closingSpeed,
    desiredTimeGap,
    jamGap,
    maxAcceleration,
    comfortableDeceleration,
    brakingScale(parameters),
  );
}

/** 2 √(a b) [m/s²]. */
export function brakingScale({ maxAcceleration, comfortableDeceleration }: IdmParameters): number {
  return 2 * Math.sqrt(maxAcceleration * comfortableDeceleration);
}

/** `idmAcceleration` for parameters that lie in arrays, their `brakingScale` computed before. */
export function accelerationFrom(
  desiredSpeed: number,
  speed: number,
  gap: number,
  closingSpeed: number,
  desiredTimeGap: number,
  jamGap: number,
  maxAcceleration: number,
  comfortableDeceleration: number,
  scale: number,
): number {
  const ratio = speed / desiredSpeed;
  const square = ratio * ratio;
  let free = maxAcceleration * (1 - square * square);
  if (free < -comfortableDeceleration) free = -comfortableDeceleration;
  if (gap === Infinity) return free;
  const dynamic = speed * desiredTimeGap + (speed * closingSpeed) / scale;
  const wanted = (jamGap + (dynamic > 0 ? dynamic : 0)) / (gap > smallestGap ? gap : smallestGap);
  return free - maxAcceleration * wanted * wanted;
}

/** Gap [m] kept behind a leader of the same speed, far below the desired speed: s₀ + v T. */
export function followingGap({ jamGap, desiredTimeGap }: IdmParameters, speed: number): number {
  return jamGap + speed * desiredTimeGap;
}

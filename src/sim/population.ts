/** Shortest and longest of something that is spread evenly in between. */
export type Range = readonly [number, number];

/**
 * The people on the road, in numbers: what `drawDriver` draws drivers from and what troubles them while they drive.
 * A spread is the deviation of a normal distribution relative to its mean, cut at two and a half deviations. What
 * each number means, its unit and its source stand in `populationNotes`.
 */
export interface DriverPopulation {
  readonly desiredSpeed: number;
  readonly desiredSpeedSpread: number;
  readonly desiredTimeGap: number;
  readonly desiredTimeGapSpread: number;
  readonly jamGap: number;
  readonly jamGapSpread: number;
  readonly maxAcceleration: number;
  readonly comfortableDeceleration: number;
  readonly accelerationSpread: number;

  readonly politeness: number;
  readonly changeThreshold: number;
  readonly safeDeceleration: number;
  readonly changeDuration: Range;
  readonly abandonedChangeFraction: number;
  readonly patience: Range;
  readonly preferringFraction: number;
  readonly preferenceBias: number;
  readonly exitFraction: number;
  readonly exitBias: number;
  readonly exitStretch: number;

  readonly reactionTime: Range;
  readonly gapError: number;
  readonly closingSpeedError: number;
  readonly perceptionMemory: number;
  readonly accelerationNoise: number;
  readonly accelerationMemory: number;
  readonly lapseRate: number;
  readonly lapseDuration: Range;
  readonly brakingRate: number;
  readonly brakingDeceleration: Range;
  readonly laneDrift: number;
  readonly laneDriftInterval: number;

  readonly carLength: number;
  readonly carLengthSpread: number;
  readonly carWidth: number;
  readonly carWidthSpread: number;
  readonly truckFraction: number;
  readonly truckLength: Range;
  readonly truckWidth: Range;
  readonly truckSpeed: number;
  readonly truckVigor: number;
  readonly truckExtraTimeGap: number;
  readonly motorcycleFraction: number;
  readonly motorcycleLength: Range;
  readonly motorcycleWidth: Range;
}

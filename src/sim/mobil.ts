/**
 * MOBIL: Kesting, Treiber, Helbing, Transportation Research Record 1999, 86 (2007). A lane change pays when
 *
 *   (a'ₑ − aₑ) + p ((a'ₙ − aₙ) + (a'ₒ − aₒ)) + bias > threshold
 *
 * with the accelerations now (a) and after the change (a') of oneself (e), of the new follower (n) and of the old
 * follower (o), and the politeness p.
 */
export interface MobilParameters {
  /** 0: others do not count; 1: as much as oneself. */
  readonly politeness: number;
  /** Advantage below which one stays [m/s²]. */
  readonly changeThreshold: number;
  /** Deceleration that a change may at most impose on anyone, positive [m/s²]. */
  readonly safeDeceleration: number;
}

/** Accelerations [m/s²] of those concerned, before and after an imagined lane change. */
export interface ChangeOutlook {
  readonly own: number;
  readonly ownAfter: number;
  readonly newFollower: number;
  readonly newFollowerAfter: number;
  readonly oldFollower: number;
  readonly oldFollowerAfter: number;
}

/** What a lane change is worth [m/s²] beyond the threshold; `-Infinity` when somebody would have to brake hard. */
export function changeIncentive(parameters: MobilParameters, outlook: ChangeOutlook, bias = 0): number {
  const { politeness, changeThreshold, safeDeceleration } = parameters;
  if (outlook.ownAfter < -safeDeceleration || outlook.newFollowerAfter < -safeDeceleration) return -Infinity;
  return (
    outlook.ownAfter -
    outlook.own +
    politeness *
      (outlook.newFollowerAfter - outlook.newFollower + outlook.oldFollowerAfter - outlook.oldFollower) +
    bias -
    changeThreshold
  );
}

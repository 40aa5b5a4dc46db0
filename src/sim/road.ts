/**
 * A straight multi-lane road. x runs along it, y to the left, y = 0 on the center of the leftmost lane [m].
 * A lane may exist on part of the road only (auxiliary lanes, ramps, lane drops).
 */
export interface Lane {
  /** Lateral position of the center line [m]. */
  readonly center: number;
  readonly width: number;
  /** The stretch of road on which the lane exists [m]. */
  readonly start: number;
  readonly end: number;
}

export interface Road {
  readonly name: string;
  readonly length: number;
  /** Leftmost first: the index is the `laneIndex`. */
  readonly lanes: readonly Lane[];
}

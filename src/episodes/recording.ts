import type { Road, VehicleShape } from "../sim/index.ts";

/** One vehicle's states at consecutive frames. Consistent with the kinematics: positions imply headings and speeds. */
export interface Track extends VehicleShape {
  readonly id: number;
  readonly firstFrame: number;
  /** Center [m] at firstFrame, firstFrame + 1, … */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** [rad] and [m/s]; entry t leads from position t to position t + 1. */
  readonly heading: Float64Array;
  readonly speed: Float64Array;
}

/** A stretch of road [m] that was seen during some frames (end exclusive). */
export interface Coverage {
  readonly firstFrame: number;
  readonly endFrame: number;
  readonly start: number;
  readonly end: number;
}

/** Recorded driving on one road, on one timeline. Clips that were not recorded in one go are separated by empty frames. */
export interface Recording {
  readonly name: string;
  readonly road: Road;
  /** Seconds between frames. */
  readonly dt: number;
  readonly frames: number;
  readonly tracks: readonly Track[];
  /** Where and when the traffic is known completely; a vehicle outside was not seen rather than not there. */
  readonly coverage: readonly Coverage[];
  /** Clips on the timeline, in order; a generated recording is one clip. */
  readonly clips: readonly {
    readonly name: string;
    readonly firstFrame: number;
    readonly endFrame: number;
  }[];
  /** Where the data comes from, under which license. */
  readonly provenance: string;
}

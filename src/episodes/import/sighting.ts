import type { Lane } from "../../sim/index.ts";
import type { VehicleNote } from "./imported.ts";

/** One vehicle at one instant as a file tells it, in meters: what every format is turned into, row by row. */
export interface Sighting {
  /** Vehicles and frames are counted anew in every clip. */
  readonly clip: string;
  readonly vehicle: string;
  /** Number of the instant, `frameSeconds` of the source apart. */
  readonly frame: number;
  /** The reference point along the road and, to the left, across it [m]. */
  readonly x: number;
  readonly y: number;
  readonly length: number;
  readonly width: number;
  /** The lane's name in the file, or `unknownLane`. */
  readonly lane: number;
  /** Where it stands, for messages. */
  readonly line: number;
}

export const unknownLane = -1;

/**
 * Whose places a file knows: all on the road, so that one who appears in mid-road was overlooked before; all in the lane that
 * it shows, which others enter and leave anywhere; or only some, so that nothing is known before the hindmost and beyond
 * the foremost of them.
 */
export type Known = "all on the road" | "all in the lane" | "some";

/** Which point of the vehicle the positions of a file mean. */
export type ReferencePoint = "front" | "center" | "rear";

/** A file of traffic, opened: what is known beforehand, and its rows, to be drawn once. */
export interface Source {
  readonly file: string;
  readonly name: string;
  readonly provenance: string;
  readonly frameSeconds: number;
  readonly reference: ReferencePoint;
  /** Width of the smoothing in time [s]. */
  readonly smoothSeconds: number;
  /** Lanes as the file describes them, in its own coordinates; without them they are found in the traffic. */
  readonly lanes?: readonly Lane[];
  /** Where the road begins and ends in the file's coordinates [m]; without it, where the traffic does. */
  readonly stretch?: { readonly start: number; readonly end: number };
  readonly known: Known;
  /** When two tracks count as one vehicle seen twice, where not by the usual share of the smaller box and for the usual time. */
  readonly overlap?: { readonly share: number; readonly seconds: number };
  readonly sightings: Iterable<Sighting>;
  /** Clips in order of time, where that is not the order of the rows; asked for once all rows are drawn. */
  readonly clipOrder?: () => readonly string[];
  /** What the reader itself left out; asked for once all rows are drawn. */
  readonly leftOut?: () => readonly (VehicleNote & { readonly clip: string })[];
}

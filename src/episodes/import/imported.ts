import type { Recording } from "../recording.ts";

/** A vehicle as its file names it, and what was done about it. */
export interface VehicleNote {
  readonly vehicle: string;
  readonly reason: string;
}

/** An import's outcome: the recording, and each track that was left out or mended, with the reason. */
export interface Imported {
  readonly recording: Recording;
  readonly rejected: readonly VehicleNote[];
  readonly repaired: readonly VehicleNote[];
}

/** One file's text and the name that messages give it. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

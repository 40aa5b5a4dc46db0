import type { FrameReader } from "../episodes/index.ts";
import type { Action, Scene, Traffic } from "../sim/index.ts";
import type { Start } from "./protocol.ts";

/**
 * What everybody but the ego does: `replay`, their record, blind to the ego; `reactive`, what simulated drivers do who
 * see it, each fitted to the car it takes over; `self`, the same with copies of the ego's driver among them.
 */
export const modes = ["replay", "reactive", "self"] as const;
export type Mode = (typeof modes)[number];

/** What became of the others of an episode. */
export interface OthersOutcome {
  /** Vehicles that copies of the driver have driven; how many of them touched another vehicle or left the road. */
  readonly copies: number;
  readonly copiesCollided: number;
  readonly copiesOffRoad: number;
  /** Overlapping pairs among simulated drivers, step by step: 0 as long as the traffic is sound. */
  readonly trafficCollisions: number;
}

/** Everybody but the ego of one episode, frame by frame. */
export interface Surroundings {
  /** How many there can be at once. */
  readonly capacity: number;
  /** Fills `into` with those whose centers are within `range` of `x` [m]. */
  look(into: Traffic, x: number, range: number): void;
  /** Ids of the vehicles that copies of the driver drive. */
  readonly copyIds: readonly number[];
  /** What each copy sees; null: not on the road. */
  readonly copies: readonly (Scene | null)[];
  /**
   * Goes to the next frame.
   * @param action what the ego does until then, null as long as it follows its record.
   * @param ofCopies what each copy does.
   */
  move(action: Readonly<Action> | null, ofCopies: readonly Readonly<Action>[]): void;
  /** Null where nobody but the ego is driven. */
  outcome(): OthersOutcome | null;
}

/** Gives every start its surroundings, the same ones whoever drives. */
export interface Others {
  readonly mode: Mode;
  surround(start: Start): Surroundings;
}

/** The record goes on. */
export function createReplay(reader: FrameReader): Others {
  return {
    mode: "replay",
    surround(start) {
      let frame = start.frame - start.warmUpFrames;
      return {
        capacity: reader.capacity,
        copyIds: [],
        copies: [],
        look: (into, x, range) => reader.readAround(frame, into, x, range, start.track),
        move: () => void frame++,
        outcome: () => null,
      };
    },
  };
}

import type { Rng } from "../core/index.ts";
import type { Road } from "./road.ts";
import type { Traffic } from "./traffic.ts";
import type { Action, VehicleShape, VehicleState } from "./vehicle.ts";

/** What surrounds one ego at one instant. Arrays are borrowed: a driver that remembers must copy. */
export interface Scene {
  readonly road: Road;
  /** Everyone but the ego. */
  readonly traffic: Traffic;
  readonly ego: Readonly<VehicleState>;
  readonly shape: VehicleShape;
  /** What the recorded human did here, where the scene comes from a recording and the ego still follows it. */
  readonly recordedAction: Readonly<Action> | null;
}

/** A way to drive. Drivers act on many independent egos at once, so that a network sees them as one batch. */
export interface Driver {
  readonly name: string;
  /** Frames between two decisions, during which an action is held; 2 unless said otherwise. */
  readonly decisionFrames?: number;
  /** Egos that it is given at a time, where its evaluator's choice would be too many. */
  readonly batchSize?: number;
  /** Starts driving `count` egos; entry i of every later call belongs to ego i. */
  begin(count: number, rng: Rng): DriverSession;
}

export interface DriverSession {
  /** Sees the scenes without acting (the past before the take-over). Null: that ego's episode is over. */
  observe(scenes: readonly (Scene | null)[]): void;
  /**
   * Sees the scenes and decides; called every `decisionFrames` frames, the action is held in between.
   * @param actions overwritten for every scene that is not null.
   */
  act(scenes: readonly (Scene | null)[], actions: readonly Action[]): void;
  dispose(): void;
}

import { stateAt, type Recording } from "../episodes/index.ts";
import {
  advance,
  attributeCollision,
  createTraffic,
  findContact,
  isOnRoad,
  type Action,
  type Attribution,
  type Collision,
  type Scene,
  type Traffic,
  type VehicleState,
} from "../sim/index.ts";
import { courseOn, createMotionMeter, humanComfort, type Comfort } from "./comfort.ts";
import type { Start } from "./protocol.ts";
import { recordedActionAt, sightRange } from "./record-following.ts";
import { createSafetyMeter, type Safety } from "./safety-meter.ts";
import type { Others, OthersOutcome } from "./surroundings.ts";
import { createTrace, type Trace } from "./trace.ts";

/** How an episode can end; only `finished` is success. */
export const causes = ["finished", "hitAhead", "hitSide", "rearEnded", "offRoad", "timeout"] as const;
export type Cause = (typeof causes)[number];

export interface EpisodeResult {
  readonly start: Start;
  readonly cause: Cause;
  /** Id of the vehicle that was touched, null when none was. */
  readonly otherId: number | null;
  /** Who was to blame for that, and why. */
  readonly attribution: Attribution | null;
  /** From the take-over, along the road [m]. */
  readonly distance: number;
  readonly seconds: number;
  readonly frames: number;
  /** Distance as a part of the human's, at most 1. */
  readonly progress: number;
  readonly safety: Safety;
  readonly comfort: Comfort;
  /** That of the recorded human from the same start. */
  readonly humanComfort: Comfort;
  /** What became of the others; null where they were not driven. */
  readonly others: OthersOutcome | null;
  readonly trace: Trace | null;
}

/**
 * One episode: the ego replaces the vehicle of its start. Until the take-over it follows the record; from there the
 * actions given to `move` move it. Everybody else does what its surroundings do.
 */
export interface Episode {
  readonly start: Start;
  /** What the driver sees now; always the same object. */
  readonly scene: Scene;
  /** The frame that `scene` shows. */
  readonly frame: number;
  readonly takenOver: boolean;
  /** Set when the episode is over. */
  readonly result: EpisodeResult | null;
  /** Ids of the vehicles that copies of the driver drive, and what each copy sees; null: not on the road. */
  readonly copyIds: readonly number[];
  readonly copies: readonly (Scene | null)[];
  /** How many others there can be, and all of them now, near or far. */
  readonly capacity: number;
  readEveryone(into: Traffic): void;
  /** Goes to the next frame, from the take-over on under `action`, the copies' actions beside it. */
  move(action: Readonly<Action>, ofCopies: readonly Readonly<Action>[]): void;
}

type Mutable<Value> = { -readonly [Name in keyof Value]: Value[Name] };

export function createEpisode(
  recording: Recording,
  others: Others,
  start: Start,
  keepTrace = false,
): Episode {
  const { dt, road } = recording;
  const track = recording.tracks[start.track];
  const ego: VehicleState = { x: 0, y: 0, heading: 0, speed: 0 };
  const surroundings = others.surround(start);
  const traffic = createTraffic(surroundings.capacity);
  const scene: Mutable<Scene> = { road, traffic, ego, shape: track, recordedAction: null };
  const keeper = keepTrace ? createTrace() : null;
  const longest = start.endFrame - start.frame;
  const motion = createMotionMeter(dt, longest + 1);
  const safety = createSafetyMeter(road, track, dt, longest);
  let frame = start.frame - start.warmUpFrames;
  let result: EpisodeResult | null = null;

  const look = (): void => {
    surroundings.look(traffic, ego.x, sightRange);
    scene.recordedAction = recordedActionAt(recording, track, frame, ego);
  };

  const finish = (cause: Cause, collision: Collision | null): void => {
    const frames = frame - start.frame;
    const distance = ego.x - start.startX;
    result = {
      start,
      cause,
      otherId: collision?.id ?? null,
      attribution: collision && attributeCollision(road, ego, track, traffic, collision),
      distance,
      seconds: frames * dt,
      frames,
      progress: Math.min(1, Math.max(0, distance / (start.goalX - start.startX))),
      safety: safety.finish(ego, traffic),
      comfort: motion.comfort(),
      humanComfort: humanComfort(recording, start),
      others: surroundings.outcome(),
      trace: keeper?.trace ?? null,
    };
  };

  const judge = (): void => {
    const collision = findContact(road, ego, track, traffic);
    if (collision !== null) return finish(collision.class, collision);
    const box = { x: ego.x, y: ego.y, heading: ego.heading, length: track.length, width: track.width };
    if (!isOnRoad(road, box)) return finish("offRoad", null);
    const arrived = ego.x >= start.goalX;
    const farEnough = frame >= start.endFrame && ego.x - start.startX >= start.requiredDistance;
    if (arrived || farEnough) return finish("finished", null);
    if (frame >= start.endFrame) finish("timeout", null);
  };

  stateAt(track, frame, ego);
  look();
  if (start.warmUpFrames === 0) motion.see(ego.speed, courseOn(road, ego.x, ego.heading));

  return {
    start,
    scene,
    copyIds: surroundings.copyIds,
    copies: surroundings.copies,
    capacity: surroundings.capacity,
    readEveryone: (into) => surroundings.look(into, 0, Infinity),
    get frame() {
      return frame;
    },
    get takenOver() {
      return frame >= start.frame;
    },
    get result() {
      return result;
    },
    move(action, ofCopies) {
      if (result !== null) return;
      surroundings.move(frame < start.frame ? null : action, ofCopies);
      if (frame < start.frame) {
        stateAt(track, ++frame, ego);
        look();
        if (frame === start.frame) motion.see(ego.speed, courseOn(road, ego.x, ego.heading));
        return;
      }
      if (frame === start.frame) keeper?.keepState(ego);
      advance(ego, action, dt, road.bend);
      frame++;
      motion.see(ego.speed, courseOn(road, ego.x, ego.heading));
      look();
      safety.see(frame, ego, traffic);
      keeper?.keepStep(action, safety, motion);
      keeper?.keepState(ego);
      judge();
    },
  };
}

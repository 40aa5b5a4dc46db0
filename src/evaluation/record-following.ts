import { stateAt, type Recording, type Track } from "../episodes/index.ts";
import { recoverAction, type Action, type VehicleState } from "../sim/index.ts";

/** How much of the road a driver is shown, ahead and behind [m]. */
export const sightRange = 150;

/** A vehicle this close to its recorded place still follows the record [m]. */
const followingTolerance = 1e-3;

const recorded: VehicleState = { x: 0, y: 0, heading: 0, speed: 0 };
const recordedNext: VehicleState = { x: 0, y: 0, heading: 0, speed: 0 };

/** What the recorded human did at `frame`; null where the record ends or the vehicle is no longer where it was. */
export function recordedActionAt(
  { dt, road }: Recording,
  track: Track,
  frame: number,
  state: Readonly<VehicleState>,
): Action | null {
  const follows =
    stateAt(track, frame, recorded) &&
    stateAt(track, frame + 1, recordedNext) &&
    Math.hypot(state.x - recorded.x, state.y - recorded.y) < followingTolerance;
  return follows ? recoverAction(recorded, recordedNext, dt, road.bend) : null;
}

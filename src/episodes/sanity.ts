import { InputError } from "../core/index.ts";
import type { Recording, Track } from "./recording.ts";

/**
 * What no vehicle on a road has. Wide enough for every real one and for noisy measurements of them; what lies outside
 * is a unit mixed up, two vehicles under one id, or a hole in a table.
 */
const limits = {
  length: [0.5, 40],
  width: [0.2, 6],
  /** Along and across the road. */
  position: [-1e5, 1e5],
  speed: [0, 100],
  /** Headings follow from positions; only one that is no number is wrong. */
  heading: [-1e3, 1e3],
  /** A jump of two meters from one frame to the next, at ten frames a second. */
  acceleration: [-200, 200],
} as const;

const units: { readonly [Name in keyof typeof limits]: string } = {
  length: "m",
  width: "m",
  position: "m",
  speed: "m/s",
  heading: "rad",
  acceleration: "m/s²",
};

/**
 * Finds bad numbers before anything is learned from them: one that is none (NaN, infinite), a size, position, speed or
 * jump that no vehicle has, a frame that the recording does not hold.
 * @param where names the file in the message
 * @throws InputError naming the file, the vehicle and the frame of the first one
 */
export function checkNumbers(recording: Pick<Recording, "dt" | "frames" | "tracks">, where: string): void {
  const { dt, frames, tracks } = recording;
  if (!(dt > 0 && dt <= 10))
    throw new InputError(`${where}: expected seconds between frames from 0 to 10, got ${dt}.`);
  for (const track of tracks) checkTrack(track, dt, frames, where);
}

function checkTrack(track: Track, dt: number, frames: number, where: string): void {
  const { id, firstFrame, x, y, heading, speed } = track;
  const end = firstFrame + x.length;
  if (!(firstFrame >= 0 && end <= frames)) {
    throw new InputError(
      `${where}: vehicle ${id}: expected frames from 0 to ${frames - 1}, got ${firstFrame} to ${end - 1}.`,
    );
  }
  const refuse = (what: keyof typeof limits, t: number, value: number, name: string = what): never => {
    const [low, high] = limits[what];
    throw new InputError(
      `${where}: vehicle ${id}, frame ${firstFrame + t}: expected a ${name} from ${low} to ${high} ` +
        `${units[what]}, got ${Number.isFinite(value) ? Number(value.toPrecision(6)) : value}.`,
    );
  };
  for (const what of ["length", "width"] as const) {
    if (!within(what, track[what])) refuse(what, 0, track[what]);
  }
  for (let t = 0; t < x.length; t++) {
    if (!within("position", x[t])) refuse("position", t, x[t]!, "position along the road");
    if (!within("position", y[t])) refuse("position", t, y[t]!, "position across the road");
    if (!within("speed", speed[t])) refuse("speed", t, speed[t]!);
    if (!within("heading", heading[t])) refuse("heading", t, heading[t]!);
    const acceleration = t === 0 ? 0 : (speed[t]! - speed[t - 1]!) / dt;
    if (!within("acceleration", acceleration)) refuse("acceleration", t, acceleration, "change of speed");
  }
}

/** False for NaN. */
function within(what: keyof typeof limits, value: number | undefined): boolean {
  const [low, high] = limits[what];
  return value !== undefined && value >= low && value <= high;
}

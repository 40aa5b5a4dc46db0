import { centersFromSamples } from "./centers.ts";
import { limits } from "./limits.ts";
import type { Notes } from "./notes.ts";
import { piecesOf } from "./pieces.ts";
import type { SeenVehicle } from "./seen-vehicles.ts";
import type { Source } from "./sighting.ts";

/** A vehicle's smoothed way through its clip, before the road and the timeline are known. */
export interface Draft {
  readonly clip: string;
  readonly vehicle: string;
  readonly length: number;
  readonly width: number;
  /** Counted from the clip's own frame 0, `dt` seconds apart. */
  readonly firstFrame: number;
  /** Centers [m], in the coordinates of the file. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Everything that can be decided about one vehicle alone: rows → pieces → smooth centers → possible or not. */
export function repairVehicle(
  seen: SeenVehicle,
  source: Pick<Source, "frameSeconds" | "reference" | "smoothSeconds">,
  dt: number,
  notes: Notes,
): Draft[] {
  const { frameSeconds, reference, smoothSeconds } = source;
  const { clip, name: vehicle, length, width } = seen;
  const reject = (reason: string): void => notes.reject(clip, vehicle, reason);
  const impossibleSize = whyImpossibleSize(length, width);
  if (impossibleSize !== undefined) {
    reject(impossibleSize);
    return [];
  }
  const drafts: Draft[] = [];
  const { pieces, repairs } = piecesOf(seen, frameSeconds);
  for (const repair of repairs) notes.repair(clip, vehicle, repair);
  for (const rows of pieces) {
    const frames = rows.map((row) => seen.frames[row]);
    const seconds = (frames.at(-1)! - frames[0]) * frameSeconds;
    if (isTooShort(seconds)) {
      reject(tooShort(seconds));
      continue;
    }
    const x = rows.map((row) => seen.x[row]);
    const y = rows.map((row) => seen.y[row]);
    const back = rollsBack(x);
    if (back > limits.rollBack) {
      reject(`rolls back by ${back.toFixed(1)} m, more than the ${limits.rollBack} m of noise`);
      continue;
    }
    const times = frames.map((frame) => (frame * frameSeconds) / dt);
    const centers = centersFromSamples({ times, x, y, length, reference, smoothSeconds }, dt);
    const impossible = whyImpossibleDrive(centers.x, dt);
    if (impossible === undefined) drafts.push({ clip, vehicle, length, width, ...centers });
    else reject(impossible);
  }
  return drafts;
}

/** Whether a track of so many seconds shows too little to be kept, and how that is said. */
export const isTooShort = (seconds: number): boolean => seconds < limits.shortestSeconds - 1e-6;
export const tooShort = (seconds: number): string =>
  `seen for ${seconds.toFixed(1)} s on end, expected at least ${limits.shortestSeconds} s`;

function whyImpossibleSize(length: number, width: number): string | undefined {
  for (const [what, value, range] of [
    ["long", length, limits.length],
    ["wide", width, limits.width],
  ] as const) {
    if (!(value >= range.least && value <= range.most)) {
      return `is ${value.toFixed(2)} m ${what}, expected ${range.least} to ${range.most} m`;
    }
  }
  return undefined;
}

/** The farthest that positions along the road fall behind where the vehicle has been [m]. */
function rollsBack(x: readonly number[]): number {
  let farthest = x[0];
  let back = 0;
  for (const value of x) {
    farthest = Math.max(farthest, value);
    back = Math.max(back, farthest - value);
  }
  return back;
}

/** Judged after smoothing: raw rows of every data set exceed these limits by noise alone. */
function whyImpossibleDrive(x: Float64Array, dt: number): string | undefined {
  let fastest = 0;
  let hardest = 0;
  for (let t = 1; t < x.length; t++) {
    const speed = (x[t] - x[t - 1]) / dt;
    fastest = Math.max(fastest, speed);
    if (t < 2) continue;
    const acceleration = (speed - (x[t - 1] - x[t - 2]) / dt) / dt;
    if (Math.abs(acceleration) > Math.abs(hardest)) hardest = acceleration;
  }
  if (fastest > limits.fastest) {
    return `drives ${fastest.toFixed(0)} m/s, faster than ${limits.fastest} m/s`;
  }
  if (Math.abs(hardest) > limits.hardest) {
    const does = hardest > 0 ? "accelerates" : "brakes";
    return `${does} by ${Math.abs(hardest).toFixed(1)} m/s², harder than ${limits.hardest} m/s²`;
  }
  return undefined;
}

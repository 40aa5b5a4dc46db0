import type { Recording } from "../episodes/index.ts";
import { turnAt, type Road } from "../sim/index.ts";
import type { Start } from "./protocol.ts";
import { quantile } from "./statistics.ts";

/** How smooth a ride was, from speeds and headings 0.2 s apart whatever the driver's own rhythm. */
export interface Comfort {
  /** 95th percentile of |jerk| along the road [m/s³]. */
  readonly jerkP95: number;
  /** 95th percentile of the |change of speed × turn rate| [m/s³]. */
  readonly lateralJerkP95: number;
  /** Mean |acceleration| [m/s²]. */
  readonly meanAcceleration: number;
  /** Largest deceleration [m/s²], at least 0. */
  readonly hardestBraking: number;
}

export const comfortMeasures = [
  "jerkP95",
  "lateralJerkP95",
  "meanAcceleration",
  "hardestBraking",
] as const satisfies readonly (keyof Comfort)[];

const sampleFrames = 2;

/** Where a vehicle that is turned by `heading` from the road at `x` [m] points in the plane [rad]. */
export const courseOn = ({ bend }: Road, x: number, heading: number): number =>
  bend === undefined ? heading : heading + turnAt(bend, x);

/** Sees the ego's motion at every frame from the take-over on. */
export interface MotionMeter {
  /** Speed [m/s] and course [rad]. */
  see(speed: number, course: number): void;
  /** As of the last sample [m/s³]; 0 before the third. */
  readonly jerk: number;
  readonly lateralJerk: number;
  comfort(): Comfort;
}

/** @param frames how many are seen at most. */
export function createMotionMeter(dt: number, frames: number): MotionMeter {
  const seconds = sampleFrames * dt;
  const samples = Math.ceil(frames / sampleFrames);
  const jerks = new Float64Array(samples);
  const lateralJerks = new Float64Array(samples);
  let jerkCount = 0;
  let seen = 0;
  let previousSpeed = 0;
  let changes = 0;
  let hardestBraking = 0;
  let jerk = 0;
  let lateralJerk = 0;
  let sampledSpeed = 0;
  let sampledCourse = 0;
  let sampledAcceleration = 0;
  let sampledLateral = 0;

  const sample = (speed: number, course: number): void => {
    const acceleration = (speed - sampledSpeed) / seconds;
    const lateral = (speed * (course - sampledCourse)) / seconds;
    hardestBraking = Math.max(hardestBraking, -acceleration);
    if (seen > sampleFrames) {
      jerk = (acceleration - sampledAcceleration) / seconds;
      lateralJerk = (lateral - sampledLateral) / seconds;
      jerks[jerkCount] = Math.abs(jerk);
      lateralJerks[jerkCount++] = Math.abs(lateralJerk);
    }
    sampledAcceleration = acceleration;
    sampledLateral = lateral;
  };

  return {
    see(speed, course) {
      if (seen > 0) changes += Math.abs(speed - previousSpeed);
      if (seen % sampleFrames === 0) {
        if (seen > 0) sample(speed, course);
        sampledSpeed = speed;
        sampledCourse = course;
      }
      previousSpeed = speed;
      seen++;
    },
    get jerk() {
      return jerk;
    },
    get lateralJerk() {
      return lateralJerk;
    },
    comfort: () => ({
      jerkP95: quantile(jerks.subarray(0, jerkCount), 0.95),
      lateralJerkP95: quantile(lateralJerks.subarray(0, jerkCount), 0.95),
      meanAcceleration: seen > 1 ? changes / ((seen - 1) * dt) : 0,
      hardestBraking,
    }),
  };
}

/** How smooth the recorded human's ride was, from the take-over to where it counts as arrived. */
export function humanComfort(
  recording: Recording,
  { track: trackIndex, frame, humanFrames }: Start,
): Comfort {
  const track = recording.tracks[trackIndex];
  const motion = createMotionMeter(recording.dt, humanFrames + 1);
  const first = frame - track.firstFrame;
  for (let t = first; t <= first + humanFrames; t++)
    motion.see(track.speed[t], courseOn(recording.road, track.x[t], track.heading[t]));
  return motion.comfort();
}

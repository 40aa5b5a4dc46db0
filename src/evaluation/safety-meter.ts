import {
  createSafetyNumbers,
  measureSafety,
  type Road,
  type SafetyNumbers,
  type Traffic,
  type VehicleShape,
  type VehicleState,
} from "../sim/index.ts";
import { createLaneChangeMeter, type LaneChange } from "./lane-changes.ts";
import { quantile } from "./statistics.ts";

/** Times to collision beyond this are no danger and are counted as this [s]. */
export const longestTimeToCollision = 30;
/** No tire brakes harder: what is required or induced beyond this is counted as this [m/s²]. */
export const hardestDeceleration = 10;

/** How near an episode came to a collision; every number is of the frames after the take-over. */
export interface Safety {
  /** Smallest time to collision with a vehicle in the way [s], at most `longestTimeToCollision`. */
  readonly minTimeToCollision: number;
  /** Its 5th percentile over the frames [s]. */
  readonly timeToCollisionP5: number;
  /** Frames whose projected boxes collide within 1.5 s, and within 3 s. */
  readonly framesUnder1500ms: number;
  readonly framesUnder3000ms: number;
  /** 95th percentile over the frames of the braking that just avoids a collision [m/s²], at most `hardestDeceleration`. */
  readonly requiredDecelerationP95: number;
  /** 95th percentile and largest value of the braking that the follower needs because of the ego [m/s²], likewise. */
  readonly inducedBrakingP95: number;
  readonly inducedBrakingMax: number;
  /** The same of the braking that the follower did, whyever. */
  readonly followerBrakingP95: number;
  readonly followerBrakingMax: number;
  /** Smallest over all lane changes [s]; null when nobody was concerned by one. */
  readonly minPostEncroachmentTime: number | null;
  readonly laneChanges: readonly LaneChange[];
}

/** Sees the ego among the others at every frame and sums up how safely it drove. */
export interface SafetyMeter {
  /** Of the last frame seen; always the same object. */
  readonly numbers: Readonly<SafetyNumbers>;
  /** What the follower's speed fell by since the last frame, per second [m/s²]; 0 while it is a new follower. */
  readonly followerBraking: number;
  see(frame: number, ego: Readonly<VehicleState>, traffic: Traffic): void;
  finish(ego: Readonly<VehicleState>, traffic: Traffic): Safety;
}

/** @param frames how many are seen at most. */
export function createSafetyMeter(road: Road, shape: VehicleShape, dt: number, frames: number): SafetyMeter {
  const numbers = createSafetyNumbers();
  const laneChanges = createLaneChangeMeter(road, shape, dt);
  const times = new Float64Array(frames).fill(longestTimeToCollision);
  const required = new Float64Array(frames);
  const induced = new Float64Array(frames);
  const done = new Float64Array(frames);
  let followerId = -1;
  let followerSpeed = 0;
  let followerBraking = 0;
  let seen = 0;
  let framesUnder1500ms = 0;
  let framesUnder3000ms = 0;

  const watchFollower = (traffic: Traffic): void => {
    const { follower } = numbers;
    const id = follower < 0 ? -1 : traffic.id[follower];
    const speed = follower < 0 ? 0 : traffic.speed[follower];
    followerBraking = id >= 0 && id === followerId ? Math.max(0, (followerSpeed - speed) / dt) : 0;
    followerId = id;
    followerSpeed = speed;
  };

  return {
    numbers,
    get followerBraking() {
      return followerBraking;
    },
    see(frame, ego, traffic) {
      measureSafety(ego, shape, traffic, numbers);
      watchFollower(traffic);
      laneChanges.see(frame, ego, traffic);
      times[seen] = Math.min(longestTimeToCollision, numbers.timeToCollision);
      required[seen] = Math.min(hardestDeceleration, numbers.requiredDeceleration);
      induced[seen] = Math.min(hardestDeceleration, numbers.inducedBraking);
      done[seen] = Math.min(hardestDeceleration, followerBraking);
      seen++;
      if (numbers.projectedTimeToCollision < 1.5) framesUnder1500ms++;
      if (numbers.projectedTimeToCollision < 3) framesUnder3000ms++;
    },
    finish(ego, traffic) {
      const changes = laneChanges.finish(ego, traffic);
      const room = changes.flatMap(({ behindLeader, beforeFollower }) => [behindLeader, beforeFollower]);
      const least = Math.min(...room);
      return {
        minTimeToCollision: times.reduce((least, time) => Math.min(least, time)),
        timeToCollisionP5: quantile(times.subarray(0, seen), 0.05),
        framesUnder1500ms,
        framesUnder3000ms,
        requiredDecelerationP95: quantile(required.subarray(0, seen), 0.95),
        inducedBrakingP95: quantile(induced.subarray(0, seen), 0.95),
        inducedBrakingMax: induced.reduce((most, braking) => Math.max(most, braking)),
        followerBrakingP95: quantile(done.subarray(0, seen), 0.95),
        followerBrakingMax: done.reduce((most, braking) => Math.max(most, braking)),
        minPostEncroachmentTime: Number.isFinite(least) ? least : null,
        laneChanges: changes,
      };
    },
  };
}

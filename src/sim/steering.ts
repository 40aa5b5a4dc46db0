import type { Fleet } from "./fleet.ts";
import type { Road } from "./road.ts";

/** Lateral acceleration no driver here exceeds [m/s²]. */
const hardestTurn = 3;
/** Nor a curvature sharper than this [1/m]. */
const sharpestCurvature = 0.05;

/**
 * Starts the path of a lane change of vehicle i to the middle of `lane`: the polynomial of fifth degree in the
 * progress p from 0 to 1,
 *
 *   y(p) = y₀ + c p + (10 Δ − 6 c) p³ + (8 c − 15 Δ) p⁴ + (6 Δ − 3 c) p⁵,
 *
 * which goes on with the present slope c and ends straight, after the lateral distance Δ.
 */
export function startPath(
  fleet: Fleet,
  road: Road,
  i: number,
  lane: number,
  slope: number,
  longest = Infinity,
): void {
  fleet.longestPath[i] = longest;
  fleet.progress[i] = 0;
  fleet.pathStart[i] = fleet.traffic.y[i]!;
  fleet.pathSlope[i] = slope;
  fleet.pathDistance[i] = road.lanes[lane].center + fleet.laneOffset[i] - fleet.traffic.y[i];
}

/** Progress of a lane change per meter driven: its duration at speed, no shorter in meters when slow. */
export function progressPerMeter(fleet: Fleet, i: number): number {
  const { changeDuration, changeSpeed } = fleet.profile[i];
  const speed = fleet.traffic.speed[i];
  const usual = changeDuration * (speed > changeSpeed ? speed : changeSpeed);
  return 1 / (usual < fleet.longestPath[i] ? usual : fleet.longestPath[i]);
}

/**
 * Decides the steering: towards a straight line in its lane, or along the path of its lane change.
 *
 *   curvature = curvature of the path − 2 (heading − slope of the path) / λ − (y − y of the path) / λ²
 *
 * is critically damped over the preview distance λ. Progress along a path is by distance: who stands does not
 * move sideways. For vehicles `from` to `end` (exclusive).
 * @param roadCurvature of a bent road at each vehicle [1/m]; null on a straight one.
 */
export function steer(
  fleet: Fleet,
  road: Road,
  from: number,
  end: number,
  dt: number,
  roadCurvature: Float64Array | null = null,
): void {
  const { traffic, steering, leaving, lane, laneOffset, progress } = fleet;
  const { y, heading, speed } = traffic;
  const turn = hardestTurn;
  const sharpest = sharpestCurvature;
  for (let i = from; i < end; i++) {
    const v = speed[i];
    let pathY: number;
    let pathHeading = 0;
    let pathCurvature = 0;
    if (leaving[i] < 0) {
      pathY = road.lanes[lane[i]].center + laneOffset[i];
    } else {
      const perMeter = progressPerMeter(fleet, i);
      const p = progress[i];
      const c = fleet.pathSlope[i];
      const distance = fleet.pathDistance[i];
      const c3 = 10 * distance - 6 * c;
      const c4 = 8 * c - 15 * distance;
      const c5 = 6 * distance - 3 * c;
      pathY = fleet.pathStart[i] + p * (c + p * p * (c3 + p * (c4 + p * c5)));
      pathHeading = (c + p * p * (3 * c3 + p * (4 * c4 + p * 5 * c5))) * perMeter;
      pathCurvature = p * (6 * c3 + p * (12 * c4 + p * 20 * c5)) * perMeter * perMeter;
      progress[i] = Math.min(1, p + perMeter * v * dt);
    }
    const preview = v > 10 ? 1.2 * v : 12;
    let curvature =
      pathCurvature - ((2 * (heading[i] - pathHeading)) / preview + (y[i] - pathY) / (preview * preview));
    // The road's own turn comes first: what follows it is straight in road coordinates.
    if (roadCurvature !== null) {
      curvature += (roadCurvature[i] * Math.cos(heading[i])) / (1 - roadCurvature[i] * y[i]);
    }
    let limit = turn / (v * v + 1e-9);
    if (limit > sharpest) limit = sharpest;
    if (curvature > limit) curvature = limit;
    else if (curvature < -limit) curvature = -limit;
    steering[i] = curvature;
  }
}

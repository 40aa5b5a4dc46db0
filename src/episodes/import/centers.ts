import { fitLine, type LineFit } from "./smooth.ts";

/** What a recording gives of one vehicle: front centers [m] at rising frames (gaps allowed) and its length [m]. */
export interface FrontSamples {
  readonly frames: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly length: number;
}

export interface Centers {
  readonly firstFrame: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Width of the smoothing in time [s]; along the path at least `smoothMeters`, so that creeping cars do not weave. */
const smoothSeconds = 0.5;
const smoothMeters = 3;
/** Steepest path a vehicle takes across the road; steeper ones are noise or bad lane geometry. */
const steepest = 0.2;

/**
 * Raw front centers → smooth centers at every frame from the first to the last sample. Along the road: local
 * linear regression over time, then never backwards. Across: local linear regression over the distance
 * driven, so a standing vehicle has one place and its path stays a path. Gaps are bridged by the same lines.
 */
export function centersFromFronts(samples: FrontSamples, dt: number): Centers {
  const { frames, length } = samples;
  const firstFrame = frames[0];
  const count = frames.at(-1)! - firstFrame + 1;
  const fit: LineFit = { value: 0, slope: 0 };
  const front = new Float64Array(count);
  const speed = new Float64Array(count);
  const near = nearestSamples(frames, count);
  for (let t = 0; t < count; t++) {
    fitLine(frames, samples.x, firstFrame + t, near[t], smoothSeconds / dt, fit);
    front[t] = t === 0 ? fit.value : Math.max(fit.value, front[t - 1]);
    speed[t] = Math.max(0, fit.slope / dt);
  }
  const sampledFront = frames.map((frame) => front[frame - firstFrame]);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  for (let t = 0; t < count; t++) {
    const sigma = Math.max(smoothMeters, smoothSeconds * speed[t]);
    fitLine(sampledFront, samples.y, front[t], near[t], sigma, fit);
    const slope = Math.min(Math.max(fit.slope, -steepest), steepest);
    x[t] = front[t] - length / 2;
    const center = fit.value - (slope * length) / 2;
    const reach = t === 0 ? Number.POSITIVE_INFINITY : steepest * (x[t] - x[t - 1]);
    y[t] = t === 0 ? center : y[t - 1] + Math.min(Math.max(center - y[t - 1], -reach), reach);
  }
  return { firstFrame, x, y };
}

/** For every frame the index of the last sample at or before it. */
function nearestSamples(frames: readonly number[], count: number): Int32Array {
  const near = new Int32Array(count);
  let index = 0;
  for (let t = 0; t < count; t++) {
    while (index < frames.length - 1 && frames[index + 1] <= frames[0] + t) index++;
    near[t] = index;
  }
  return near;
}

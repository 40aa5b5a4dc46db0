import type { ReferencePoint } from "./sighting.ts";
import { fitLine, type LineFit } from "./smooth.ts";

/** What a recording gives of one vehicle: places of one of its points [m] at rising times (gaps allowed). */
export interface Samples {
  /** [frames of the recording to be made], fractions allowed. */
  readonly times: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly length: number;
  readonly reference: ReferencePoint;
  /** Width of the smoothing in time [s]. */
  readonly smoothSeconds: number;
}

export interface Centers {
  readonly firstFrame: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** NGSIM's positions need this much smoothing [s]. */
export const ngsimSmoothSeconds = 0.5;
/** Along the path at least so much [m], so that creeping cars do not weave. */
const smoothMeters = 3;
/** Steepest path a vehicle takes across the road; steeper ones are noise or bad lane geometry. */
const steepest = 0.2;
/** Times this near to a frame are on it: 25 Hz counted in tenths of a second is not exact. */
const sameTime = 1e-6;

/** How far the reference point lies ahead of the center, in vehicle lengths. */
const aheadOfCenter: { readonly [point in ReferencePoint]: number } = { front: 0.5, center: 0, rear: -0.5 };

/**
 * Raw positions → smooth centers at every frame from the first to the last sample. Along the road: local linear
 * regression over time, then never backwards. Across: local linear regression over the distance driven, so a
 * standing vehicle has one place and its path stays a path. Gaps are bridged by the same lines; another rate is resampled
 * by them.
 */
export function centersFromSamples(samples: Samples, dt: number): Centers {
  const { times } = samples;
  const firstFrame = Math.ceil(times[0] - sameTime);
  const count = Math.max(0, Math.floor(times.at(-1)! + sameTime) - firstFrame + 1);
  const ahead = samples.length * aheadOfCenter[samples.reference];
  const fit: LineFit = { value: 0, slope: 0 };
  const point = new Float64Array(count);
  const speed = new Float64Array(count);
  const near = nearestSamples(times, firstFrame, count);
  for (let t = 0; t < count; t++) {
    // Never so narrow that it sees one side only of where nothing was sampled.
    const unseen = near[t] + 1 < times.length ? times[near[t] + 1] - times[near[t]] : 0;
    fitLine(times, samples.x, firstFrame + t, near[t], Math.max(samples.smoothSeconds / dt, unseen / 2), fit);
    point[t] = t === 0 ? fit.value : Math.max(fit.value, point[t - 1]);
    speed[t] = Math.max(0, fit.slope / dt);
  }
  const sampledPoint = times.map((time) => valueAt(point, time - firstFrame));
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  let sigma = 0;
  for (let t = 0; t < count; t++) {
    const before = sigma;
    sigma = Math.max(smoothMeters, samples.smoothSeconds * speed[t]);
    // Who stands sees all samples of its stop at every frame of it: once is enough.
    if (t === 0 || point[t] !== point[t - 1] || sigma !== before) {
      fitLine(sampledPoint, samples.y, point[t], near[t], sigma, fit);
    }
    const slope = Math.min(Math.max(fit.slope, -steepest), steepest);
    x[t] = point[t] - ahead;
    const center = fit.value - slope * ahead;
    const reach = t === 0 ? Number.POSITIVE_INFINITY : steepest * (x[t] - x[t - 1]);
    y[t] = t === 0 ? center : y[t - 1] + Math.min(Math.max(center - y[t - 1], -reach), reach);
  }
  return { firstFrame, x, y };
}

/** For every frame the index of the last sample at or before it. */
function nearestSamples(times: readonly number[], firstFrame: number, count: number): Int32Array {
  const near = new Int32Array(count);
  let index = 0;
  for (let t = 0; t < count; t++) {
    while (index < times.length - 1 && times[index + 1] <= firstFrame + t + sameTime) index++;
    near[t] = index;
  }
  return near;
}

/** The value between two entries, and beyond the ends the one at the end. */
function valueAt(values: Float64Array, position: number): number {
  const i = Math.min(Math.max(Math.floor(position + sameTime), 0), values.length - 1);
  const part = position - i;
  if (Math.abs(part) <= sameTime || i + 1 >= values.length || part < 0) return values[i];
  return values[i] + part * (values[i + 1] - values[i]);
}

/** A weighted straight line through samples: its value and slope at the point asked for. */
export interface LineFit {
  value: number;
  slope: number;
}

/**
 * Local linear regression: a straight line through the samples (at[i], values[i]), weighted by a Gaussian of width
 * `sigma` around `center`, read at `center`. Inside it equals Gaussian smoothing; at the ends, where plain smoothing
 * drags a moving vehicle inwards, the line keeps its speed. Samples must be ordered by `at` (equal ones allowed).
 * (Fan & Gijbels, Local Polynomial Modelling, 1996, section 2.)
 * @param near an index whose sample lies near `center`; the search for the window goes out from it.
 */
export function fitLine(
  at: ArrayLike<number>,
  values: ArrayLike<number>,
  center: number,
  near: number,
  sigma: number,
  into: LineFit,
): void {
  const reach = 3.5 * sigma;
  let first = near;
  while (first > 0 && center - at[first - 1] <= reach) first--;
  let last = near;
  while (last < at.length - 1 && at[last + 1] - center <= reach) last++;
  let w = 0;
  let wx = 0;
  let wxx = 0;
  let wy = 0;
  let wxy = 0;
  for (let i = first; i <= last; i++) {
    const x = (at[i] - center) / sigma;
    const weight = Math.exp(-0.5 * x * x);
    w += weight;
    wx += weight * x;
    wxx += weight * x * x;
    wy += weight * values[i];
    wxy += weight * x * values[i];
  }
  const spread = w * wxx - wx * wx;
  // All samples in one place (a vehicle that never moves): a mean, no slope.
  const slope = spread > 1e-6 * w * w ? (w * wxy - wx * wy) / spread : 0;
  into.value = (wy - slope * wx) / w;
  into.slope = slope / sigma;
}

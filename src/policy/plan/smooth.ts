/** Pairs of a plan lie one after the other: a step later is two numbers on. */
const pair = 2;

/**
 * Deviations that are correlated over time, of independent ones z: d_t = ρ·d_{t−1} + √(1 − ρ²)·z_t, each of a plan's two
 * actions by itself. The same spread, but neighbors go the same way, as cars do.
 */
export function correlate(z: Float32Array, smoothness: number): Float32Array {
  const fresh = Math.sqrt(1 - smoothness * smoothness);
  const d = z.slice();
  for (let i = pair; i < d.length; i++) d[i] = smoothness * d[i - pair]! + fresh * z[i]!;
  return d;
}

/** The derivative by z of what has this derivative by d: the adjoint of `correlate`. */
export function correlateBack(gradient: Float32Array, smoothness: number): Float32Array {
  const fresh = Math.sqrt(1 - smoothness * smoothness);
  const back = gradient.slice();
  for (let i = back.length - 1 - pair; i >= 0; i--) back[i] = back[i]! + smoothness * back[i + pair]!;
  for (let i = pair; i < back.length; i++) back[i] = fresh * back[i]!;
  return back;
}

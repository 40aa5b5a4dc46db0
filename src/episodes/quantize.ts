/**
 * Positions are multiples of this [m]. A power of two, so that sums and differences are exact and a recording in
 * memory equals its file to the bit; small enough that speeds are off by less than 0.0002 m/s.
 */
export const quantum = 2 ** -16;

/** A movement shorter than this in one frame [m] waits until more of it has come: rounding must not turn a vehicle that barely creeps. */
const shortestMovement = 2 ** -8;

/** Rounds a length [m] to the grid. */
export const quantize = (value: number): number => Math.round(value / quantum) * quantum;

/**
 * Rounds the centers of one vehicle [m] to the grid, in place. Below 0.04 m/s the vehicle moves in single steps
 * of 4 mm, so that its heading stays within some milliradians of the true one.
 */
export function quantizePath(x: Float64Array, y: Float64Array): void {
  if (x.length === 0) return;
  let heldX = (x[0] = quantize(x[0]));
  let heldY = (y[0] = quantize(y[0]));
  for (let t = 1; t < x.length; t++) {
    const nextX = quantize(x[t]);
    const nextY = quantize(y[t]);
    if (Math.hypot(nextX - heldX, nextY - heldY) >= shortestMovement) {
      heldX = nextX;
      heldY = nextY;
    }
    x[t] = heldX;
    y[t] = heldY;
  }
}

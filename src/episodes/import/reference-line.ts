/** Points of a line [m]. */
export interface Polyline {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** A line with its own coordinates: how far along it, and how far to its left. */
export interface ReferenceLine {
  readonly length: number;
  /** Beyond its ends the line goes on straight. */
  project(x: number, y: number): { readonly along: number; readonly left: number };
}

/** @param line two or more points, no two in a row alike. */
export function createReferenceLine({ x, y }: Polyline): ReferenceLine {
  const starts = [0];
  for (let i = 1; i < x.length; i++) {
    starts.push(starts[i - 1] + Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1]));
  }
  const last = x.length - 2;
  return {
    length: starts.at(-1)!,
    project(px, py) {
      let best = { along: 0, left: 0 };
      let nearest = Infinity;
      for (let i = 0; i <= last; i++) {
        const segment = starts[i + 1] - starts[i];
        const dx = (x[i + 1] - x[i]) / segment;
        const dy = (y[i + 1] - y[i]) / segment;
        const along = (px - x[i]) * dx + (py - y[i]) * dy;
        const left = (py - y[i]) * dx - (px - x[i]) * dy;
        const within = Math.min(Math.max(along, i === 0 ? -Infinity : 0), i === last ? Infinity : segment);
        const distance = Math.hypot(along - within, left);
        if (distance < nearest) {
          nearest = distance;
          best = { along: starts[i] + within, left };
        }
      }
      return best;
    },
  };
}

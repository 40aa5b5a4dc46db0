import type { Pose } from "../core/index.ts";

/** A point of the road's reference line, y = 0, and how sharply the line turns there [1/m; left is positive]. */
export interface BendKnot {
  readonly x: number;
  readonly curvature: number;
}

/**
 * How a road bends: curvature as a function of x, linear between knots (clothoids) and constant beyond the first and
 * the last one (straight lines and arcs). Knots in order of x. Traffic lives in road coordinates all the same: x along
 * the reference line, y to its left, headings relative to the road's.
 */
export type Bend = readonly BendKnot[];

/** Curvature of the reference line at `x` [1/m]. */
export function curvatureAt(bend: Bend, x: number): number {
  const last = bend[bend.length - 1];
  if (x >= last.x) return last.curvature;
  if (x <= bend[0].x) return bend[0].curvature;
  let i = 1;
  while (bend[i].x < x) i++;
  const { x: x0, curvature: c0 } = bend[i - 1];
  const { x: x1, curvature: c1 } = bend[i];
  return c0 + ((c1 - c0) * (x - x0)) / (x1 - x0);
}

/** How far the road has turned from the first knot to `x` [rad]: the integral of the curvature. */
export function turnAt(bend: Bend, x: number): number {
  if (x <= bend[0].x) return bend[0].curvature * (x - bend[0].x);
  let turned = 0;
  for (let i = 1; i < bend.length; i++) {
    const { x: x0, curvature: c0 } = bend[i - 1];
    const { x: x1, curvature: c1 } = bend[i];
    if (x < x1) {
      const part = x - x0;
      return turned + part * (c0 + ((c1 - c0) * part) / (2 * (x1 - x0)));
    }
    turned += ((c0 + c1) / 2) * (x1 - x0);
  }
  const last = bend[bend.length - 1];
  return turned + last.curvature * (x - last.x);
}

/** Whether the road is straight from `from` to `to` [m]. */
export function isStraight(bend: Bend, from: number, to: number): boolean {
  return (
    curvatureAt(bend, from) === 0 &&
    curvatureAt(bend, to) === 0 &&
    bend.every(({ x, curvature }) => curvature === 0 || x < from || x > to)
  );
}

/** Between a bent road and the plane it lies in; the reference line starts at the plane's origin, along its x axis. */
export interface Plane {
  /** A pose in road coordinates → the same in the plane. */
  place(pose: Pose): Pose;
  /** A point of the plane → road coordinates; `near` is an x close by, since a road may pass a point twice. */
  locate(x: number, y: number, near: number): { readonly x: number; readonly y: number };
}

/** Longest piece over which the reference line is integrated at once [m]: the error stays below rounding. */
const longestPiece = 4;
/** Nodes and weights of Gauss-Legendre integration over [0, 1]. */
const nodes = [0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970263];
const weights = [0.17392742256872692, 0.3260725774312731, 0.3260725774312731, 0.17392742256872692];

interface Anchor {
  readonly x: number;
  readonly at: Pose;
}

const planes = new WeakMap<Bend, Plane>();

/** The plane of a bent road; made once per bend. */
export function planeOf(bend: Bend): Plane {
  let known = planes.get(bend);
  if (known === undefined) planes.set(bend, (known = createPlane(bend)));
  return known;
}

function createPlane(bend: Bend): Plane {
  // Without a bend before its first knot the road starts along the plane's x axis.
  const first: Anchor = { x: bend[0].x, at: { x: bend[0].x, y: 0, heading: 0 } };
  const anchors = [first];
  for (let i = 1; i < bend.length; i++) {
    const from = bend[i - 1].x;
    const pieces = Math.ceil((bend[i].x - from) / longestPiece);
    for (let piece = 1; piece <= pieces; piece++) {
      const x = from + ((bend[i].x - from) * piece) / pieces;
      anchors.push({ x, at: follow(anchors[anchors.length - 1], x) });
    }
  }
  const last = anchors[anchors.length - 1];

  /** The reference line at `x`, from an anchor with no knot in between. */
  function follow({ x: from, at }: Anchor, x: number): Pose {
    let forward = 0;
    let aside = 0;
    const distance = x - from;
    const pieces = Math.ceil(Math.abs(distance) / longestPiece);
    for (let piece = 0; piece < pieces; piece++) {
      for (let n = 0; n < nodes.length; n++) {
        const heading = turnAt(bend, from + (distance * (piece + nodes[n])) / pieces);
        forward += weights[n] * Math.cos(heading);
        aside += weights[n] * Math.sin(heading);
      }
    }
    const scale = pieces === 0 ? 0 : distance / pieces;
    return { x: at.x + scale * forward, y: at.y + scale * aside, heading: turnAt(bend, x) };
  }

  function reference(x: number): Pose {
    if (x <= first.x) return follow(first, x);
    if (x >= last.x) return follow(last, x);
    let low = 0;
    let high = anchors.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (anchors[middle].x <= x) low = middle;
      else high = middle - 1;
    }
    return follow(anchors[low], x);
  }

  return {
    place({ x, y, heading }) {
      const line = reference(x);
      return {
        x: line.x - y * Math.sin(line.heading),
        y: line.y + y * Math.cos(line.heading),
        heading: line.heading + heading,
      };
    },
    locate(x, y, near) {
      // Newton's method on the distance by which the foot of the perpendicular is missed.
      let along = near;
      for (let round = 0; ; round++) {
        const line = reference(along);
        const cos = Math.cos(line.heading);
        const sin = Math.sin(line.heading);
        const ahead = (x - line.x) * cos + (y - line.y) * sin;
        const left = (y - line.y) * cos - (x - line.x) * sin;
        if (Math.abs(ahead) < 1e-10 || round === 12) return { x: along, y: left };
        along += ahead / Math.max(0.2, 1 - curvatureAt(bend, along) * left);
      }
    },
  };
}

import type { Road } from "../road.ts";

/** A stretch of road [m] along which the cross-section stays the same. */
export interface GroundSection {
  readonly start: number;
  readonly end: number;
  /** Lateral positions of the painted lines [m], leftmost first. */
  readonly lines: readonly number[];
  /** Ground without a lane [m], leftmost first. */
  readonly offroad: readonly { readonly left: number; readonly right: number }[];
}

/** Beyond the ends of the road its first and last cross-section go on for as far as any window sees [m]. */
const farAway = 1e4;
/** Edges of neighboring lanes closer than this share one line [m]. */
const sameLine = 0.5;

/** What a road looks like from above: a line at every lane edge, offroad wherever no lane is. */
export function groundOf(road: Road): GroundSection[] {
  const spans = road.lanes.map((lane) => ({
    start: lane.start <= 0 ? -farAway : lane.start,
    end: lane.end >= road.length ? road.length + farAway : lane.end,
    left: lane.center + lane.width / 2,
    right: lane.center - lane.width / 2,
  }));
  const ends = spans.flatMap(({ start, end }) => [start, end]);
  const breaks = [...new Set([-farAway, ...ends, road.length + farAway])].sort((a, b) => a - b);
  return breaks.slice(1).map((end, i) => {
    const start = breaks[i];
    const present = spans
      .filter((span) => span.start <= start && span.end >= end)
      .sort((a, b) => b.left - a.left);
    const lines: number[] = [];
    const offroad: { left: number; right: number }[] = [];
    let left = farAway;
    for (const span of present) {
      if (left - span.left > sameLine) {
        if (left < farAway) lines.push(left);
        offroad.push({ left, right: span.left });
        lines.push(span.left);
      } else {
        lines.push((left + span.left) / 2);
      }
      left = span.right;
    }
    if (left < farAway) lines.push(left);
    offroad.push({ left, right: -farAway });
    return { start, end, lines, offroad };
  });
}

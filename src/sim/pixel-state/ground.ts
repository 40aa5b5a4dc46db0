import type { Road } from "../road.ts";

/** A painted line along the road [m]. */
export interface LaneLine {
  readonly y: number;
  readonly start: number;
  readonly end: number;
}

/** A rectangle of ground without a lane [m]. */
export interface OffroadArea {
  readonly start: number;
  readonly end: number;
  readonly right: number;
  readonly left: number;
}

export interface Ground {
  readonly lines: readonly LaneLine[];
  readonly offroad: readonly OffroadArea[];
}

/** Beyond the ends of the road its first and last cross-section go on for as far as any window sees [m]. */
const farAway = 1e4;
/** Edges of neighboring lanes closer than this share one line [m]. */
const sameLine = 0.5;

/** What a road looks like from above: a line at every lane edge, offroad wherever no lane is. */
export function groundOf(road: Road): Ground {
  const spans = road.lanes.map((lane) => ({
    start: lane.start <= 0 ? -farAway : lane.start,
    end: lane.end >= road.length ? road.length + farAway : lane.end,
    left: lane.center + lane.width / 2,
    right: lane.center - lane.width / 2,
  }));
  const breaks = [...new Set(spans.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const lines: { y: number; start: number; end: number }[] = [];
  const offroad: { start: number; end: number; right: number; left: number }[] = [];

  const addLine = (y: number, start: number, end: number): void => {
    const before = lines.find((line) => line.end === start && line.y === y);
    if (before) before.end = end;
    else lines.push({ y, start, end });
  };
  const addOffroad = (left: number, right: number, start: number, end: number): void => {
    const before = offroad.find((area) => area.end === start && area.left === left && area.right === right);
    if (before) before.end = end;
    else offroad.push({ left, right, start, end });
  };

  for (let i = 0; i + 1 < breaks.length; i++) {
    const start = breaks[i]!;
    const end = breaks[i + 1]!;
    const present = spans
      .filter((span) => span.start <= start && span.end >= end)
      .sort((a, b) => b.left - a.left);
    let left = farAway;
    for (const span of present) {
      if (left - span.left > sameLine) {
        if (left < farAway) addLine(left, start, end);
        addOffroad(left, span.left, start, end);
        addLine(span.left, start, end);
      } else {
        addLine((left + span.left) / 2, start, end);
      }
      left = span.right;
    }
    if (left < farAway) addLine(left, start, end);
    addOffroad(left, -farAway, start, end);
  }
  return { lines, offroad };
}

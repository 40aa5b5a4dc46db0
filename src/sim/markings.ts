import type { Lane, Road } from "./road.ts";

/** Where a side of a lane is a line: dashed between lanes, solid where the road ends. */
export interface Marking {
  readonly y: number;
  readonly start: number;
  readonly end: number;
  readonly dashed: boolean;
}

/** The stretches of `lane` along which no lane of `others` runs beside it. */
function alone(lane: Lane, others: readonly Lane[]): [number, number][] {
  let free: [number, number][] = [[lane.start, lane.end]];
  for (const other of others) {
    free = free.flatMap(([start, end]): [number, number][] => {
      const before: [number, number] = [start, Math.min(end, other.start)];
      const after: [number, number] = [Math.max(start, other.end), end];
      return [before, after].filter(([from, to]) => to > from);
    });
  }
  return free;
}

/** The lane markings of a road. */
export function markingsOf(road: Road): Marking[] {
  const markings: Marking[] = [];
  for (const lane of road.lanes) {
    const beside = (side: 1 | -1): Lane[] =>
      road.lanes.filter((other) => {
        const offset = (other.center - lane.center) * side;
        return offset > 0 && offset < 0.75 * (lane.width + other.width);
      });
    for (const side of [1, -1] as const) {
      const y = lane.center + (side * lane.width) / 2;
      for (const [start, end] of alone(lane, beside(side))) markings.push({ y, start, end, dashed: false });
    }
    for (const right of beside(-1)) {
      const start = Math.max(lane.start, right.start);
      const end = Math.min(lane.end, right.end);
      const y = (lane.center - lane.width / 2 + right.center + right.width / 2) / 2;
      if (end > start) markings.push({ y, start, end, dashed: true });
    }
  }
  return markings;
}

import { InputError } from "../../core/index.ts";
import type { Lane } from "../../sim/index.ts";
import type { Lanelet } from "./commonroad-file.ts";
import { createReferenceLine, type Polyline, type ReferenceLine } from "./reference-line.ts";

/** Lanelets this near beside each other [m] are one lane, one after the other. */
const sameLane = 1.5;
/** A lane that ends this near to an end of the road [m] goes on there. */
const nearEnd = 20;

interface Stretch {
  center: number;
  width: number;
  start: number;
  end: number;
}

/**
 * The longest way through a net of lanelets becomes the line along which everything is measured; lanelets that lead the
 * same way become lanes beside it.
 * @throws InputError when there is no lanelet.
 */
export function lanesOfLanelets(
  lanelets: readonly Lanelet[],
  where: string,
): { line: ReferenceLine; lanes: Lane[] } {
  const chain = longestChain(lanelets);
  if (chain.length === 0) throw new InputError(`${where}: expected lanelets, got none.`);
  const line = createReferenceLine(joinedCenterLine(chain));
  const stretches = lanelets
    .map((lanelet) => stretchBeside(lanelet, line))
    .filter((stretch) => stretch.end > stretch.start)
    .sort((a, b) => b.end - b.start - (a.end - a.start));
  const lanes: Stretch[] = [];
  for (const stretch of stretches) {
    const lane = lanes.find(({ center }) => Math.abs(center - stretch.center) < sameLane);
    if (lane === undefined) lanes.push({ ...stretch });
    else {
      lane.start = Math.min(lane.start, stretch.start);
      lane.end = Math.max(lane.end, stretch.end);
    }
  }
  const first = Math.min(...lanes.map(({ start }) => start));
  const last = Math.max(...lanes.map(({ end }) => end));
  return {
    line,
    lanes: lanes.map(({ center, width, start, end }) => ({
      center,
      width,
      start: start - first <= nearEnd ? Number.NEGATIVE_INFINITY : start,
      end: last - end <= nearEnd ? Number.POSITIVE_INFINITY : end,
    })),
  };
}

/** Lanelets that follow each other and are the longest together. */
function longestChain(lanelets: readonly Lanelet[]): readonly Lanelet[] {
  const byId = new Map(lanelets.map((lanelet) => [lanelet.id, lanelet]));
  const best = new Map<string, { readonly length: number; readonly chain: readonly Lanelet[] }>();
  const from = (lanelet: Lanelet): { readonly length: number; readonly chain: readonly Lanelet[] } => {
    const known = best.get(lanelet.id);
    if (known !== undefined) return known;
    // A ring would lead here again: it ends where it began.
    best.set(lanelet.id, { length: 0, chain: [] });
    const next = lanelet.successors
      .flatMap((id) => byId.get(id) ?? [])
      .map(from)
      .reduce((a, b) => (b.length > a.length ? b : a), { length: 0, chain: [] });
    const found = { length: lengthOf(centerLine(lanelet)) + next.length, chain: [lanelet, ...next.chain] };
    best.set(lanelet.id, found);
    return found;
  };
  return lanelets
    .map(from)
    .reduce((a, b) => (b.length > a.length ? b : a), { length: 0, chain: [] as readonly Lanelet[] }).chain;
}

function centerLine({ left, right }: Lanelet): Polyline {
  const count = Math.min(left.x.length, right.x.length);
  const middle = (a: readonly number[], b: readonly number[]): number[] =>
    Array.from({ length: count }, (_, i) => (a[i] + b[i]) / 2);
  return { x: middle(left.x, right.x), y: middle(left.y, right.y) };
}

/** One line through lanelets that follow each other, each point once. */
function joinedCenterLine(chain: readonly Lanelet[]): Polyline {
  const x: number[] = [];
  const y: number[] = [];
  for (const line of chain.map(centerLine)) {
    for (let i = 0; i < line.x.length; i++) {
      if (x.length > 0 && Math.hypot(line.x[i] - x.at(-1)!, line.y[i] - y.at(-1)!) < 1e-3) continue;
      x.push(line.x[i]);
      y.push(line.y[i]);
    }
  }
  return { x, y };
}

/** Where a lanelet lies beside the line; one that leads the other way ends before it starts. */
function stretchBeside(lanelet: Lanelet, line: ReferenceLine): Stretch {
  const project = ({ x, y }: Polyline) => x.map((_, i) => line.project(x[i], y[i]));
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const left = project(lanelet.left);
  const right = project(lanelet.right);
  const leftEdge = mean(left.map((point) => point.left));
  const rightEdge = mean(right.map((point) => point.left));
  return {
    center: (leftEdge + rightEdge) / 2,
    width: Math.abs(leftEdge - rightEdge),
    start: (left[0].along + right[0].along) / 2,
    end: (left.at(-1)!.along + right.at(-1)!.along) / 2,
  };
}

const lengthOf = ({ x, y }: Polyline): number =>
  x.reduce((sum, _, i) => (i === 0 ? 0 : sum + Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1])), 0);

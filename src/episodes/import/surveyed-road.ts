import type { Lane } from "../../sim/index.ts";
import {
  across,
  along,
  countOf,
  entry,
  extentOf,
  type LaneRows,
  medianOf,
  merged,
  type Profile,
} from "./lane-profile.ts";
import { unknownLane } from "./sighting.ts";

/** What the traffic shows of its road, in the coordinates of the file [m]. */
export interface SurveyedRoad {
  /** From the left; `start` and `end` infinite for lanes along the whole road. */
  readonly lanes: readonly Lane[];
  /** How far all lanes together lie to the left of their places at `x`: the line that x follows wanders. */
  readonly drift: (x: number) => number;
}

/** A lane needs this share of all rows, and a stretch of road this many vehicles, to count. */
const leastShare = 0.002;
const leastVehicles = 12;
/** A lane along this share of the road is taken to go along all of it. */
const wholeShare = 0.8;
/** Wandering below this [m] is noise of the survey. */
const leastDrift = 0.15;
/** Lanes without names are at least this far apart [m], and at least this share as busy as the busiest. */
const leastApart = 2.6;
const leastBusy = 0.05;
const usualWidth = 3.6;
const widths = { least: 2.8, most: 4.5 };

/** Rows per lane and vehicles per stretch → lanes and their common drift. */
export function surveyedRoad(
  rowsByLane: ReadonlyMap<number, LaneRows>,
  vehiclesByStretch: ReadonlyMap<number, number>,
): SurveyedRoad {
  const named = [...rowsByLane].filter(([lane]) => lane !== unknownLane).map(([, rows]) => rows);
  const candidates = named.length > 0 ? named : splitByPeaks(rowsByLane.get(unknownLane) ?? new Map());
  const all = candidates.reduce((sum, rows) => sum + countOf(rows), 0);
  const busy = candidates.filter((rows) => countOf(rows) >= leastShare * all);
  const extents = busy.map(extentOf);
  const start = Math.min(...extents.map((extent) => extent.start));
  const end = Math.max(...extents.map((extent) => extent.end));
  const isWhole = (i: number): boolean => extents[i].end - extents[i].start >= wholeShare * (end - start);
  const drift = commonDrift(
    busy.filter((_, i) => isWhole(i)),
    vehiclesByStretch,
  );
  const found = busy
    .map((rows, i) => ({ center: medianOf(merged(rows, drift)), whole: isWhole(i), ...extents[i] }))
    .sort((a, b) => b.center - a.center);
  return { lanes: withEdges(found), drift };
}

interface FoundLane {
  readonly center: number;
  readonly whole: boolean;
  readonly start: number;
  readonly end: number;
}

/** Lane lines halfway between neighboring lanes; the outermost lines as far out as the inner ones are in. */
function withEdges(found: readonly FoundLane[]): Lane[] {
  const whole = found.filter((lane) => lane.whole);
  const spacings = whole.slice(1).map((lane, i) => whole[i].center - lane.center);
  const near = spacings.filter((spacing) => spacing <= widths.most).sort((a, b) => a - b);
  const width = Math.max(widths.least, near[near.length >> 1] ?? usualWidth);
  let above: { readonly center: number; readonly right: number } | undefined;
  const lanes: Lane[] = [];
  for (const [i, lane] of found.entries()) {
    const below = found[i + 1];
    const joinsAbove = above !== undefined && above.center - lane.center <= widths.most;
    const joinsBelow = below !== undefined && lane.center - below.center <= widths.most;
    const left = joinsAbove ? above!.right : lane.center + width / 2;
    const right = joinsBelow ? (lane.center + below.center) / 2 : lane.center - width / 2;
    const own = Math.max(left - right, widths.least);
    above = { center: lane.center, right: left - own };
    lanes.push({
      center: left - own / 2,
      width: own,
      start: lane.whole ? Number.NEGATIVE_INFINITY : lane.start,
      end: lane.whole ? Number.POSITIVE_INFINITY : lane.end,
    });
  }
  return lanes;
}

/** Median over the whole lanes of how far each lies, stretch by stretch, from its own middle; smoothed, then linear between. */
function commonDrift(
  lanes: readonly LaneRows[],
  vehiclesByStretch: ReadonlyMap<number, number>,
): (x: number) => number {
  const stretches = [...vehiclesByStretch]
    .filter(([, vehicles]) => vehicles >= leastVehicles)
    .map(([stretch]) => stretch)
    .sort((a, b) => a - b);
  const none = (): number => 0;
  if (stretches.length < 2 || lanes.length === 0) return none;
  const middles = lanes.map((rows) => medianOf(merged(rows, none)));
  const raw = stretches.map((stretch) => {
    const offsets = lanes
      .flatMap((rows, i) => (rows.has(stretch) ? [medianOf(rows.get(stretch)!) - middles[i]] : []))
      .sort((a, b) => a - b);
    return offsets.length === 0 ? 0 : (offsets[(offsets.length - 1) >> 1] + offsets[offsets.length >> 1]) / 2;
  });
  const at = (i: number): number => raw[Math.min(Math.max(i, 0), raw.length - 1)];
  const smooth = raw.map((_, i) => (at(i - 1) + 2 * at(i) + at(i + 1)) / 4);
  if (Math.max(...smooth.map(Math.abs)) < leastDrift) return none;
  const places = stretches.map((stretch) => (stretch + 0.5) * along);
  return (x) => {
    const i = places.findLastIndex((place) => place <= x);
    if (i < 0) return smooth[0];
    if (i + 1 >= places.length) return smooth[i];
    return smooth[i] + ((x - places[i]) / (places[i + 1] - places[i])) * (smooth[i + 1] - smooth[i]);
  };
}

/** Lanes without names: rows go to the nearest of the places across where traffic is dense. */
function splitByPeaks(rows: LaneRows): LaneRows[] {
  const profile = merged(rows, () => 0);
  const reach = Math.round(leastApart / 2 / across);
  const density = new Map<number, number>();
  for (const [place, count] of profile) {
    for (let shift = -reach; shift <= reach; shift++) {
      const weight = 1 - Math.abs(shift) / (reach + 1);
      density.set(place + shift, (density.get(place + shift) ?? 0) + weight * count);
    }
  }
  const busiest = Math.max(0, ...density.values());
  const peaks: number[] = [];
  for (const [place, value] of [...density].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
    if (value < leastBusy * busiest) break;
    const isPeak = value >= (density.get(place - 1) ?? 0) && value >= (density.get(place + 1) ?? 0);
    if (isPeak && peaks.every((peak) => Math.abs(peak - place) * across >= leastApart)) peaks.push(place);
  }
  const lanes = peaks.map(() => new Map<number, Profile>());
  for (const [stretch, places] of rows) {
    for (const [place, count] of places) {
      const nearest = peaks.reduce(
        (best, peak, i) => (Math.abs(peak - place) < Math.abs(peaks[best] - place) ? i : best),
        0,
      );
      entry(lanes[nearest], stretch, () => new Map<number, number>()).set(place, count);
    }
  }
  return lanes;
}

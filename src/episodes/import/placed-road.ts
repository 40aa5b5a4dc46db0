import type { Road } from "../../sim/index.ts";
import type { Track } from "../recording.ts";
import { limits } from "./limits.ts";
import type { Draft } from "./repair.ts";
import type { Source } from "./sighting.ts";
import type { SurveyedRoad } from "./surveyed-road.ts";

/** A road from 0 to its length, y = 0 on the center of the leftmost lane, and the way from the file's coordinates to its own. */
export interface PlacedRoad {
  readonly road: Road;
  /** The centers of a draft on the road [m]. */
  place(draft: Pick<Draft, "x" | "y">): { readonly x: Float64Array; readonly y: Float64Array };
}

/** Lays the road where the source says, or where the drafts are driven. */
export function placeRoad(
  { name, stretch }: Pick<Source, "name" | "stretch">,
  { lanes, drift }: SurveyedRoad,
  drafts: readonly Draft[],
): PlacedRoad {
  let first = Infinity;
  let last = -Infinity;
  for (const { x } of drafts) {
    first = Math.min(first, x[0]);
    last = Math.max(last, x.at(-1)!);
  }
  // A hair off, so that rounding does not cost a meter.
  const originX = stretch?.start ?? Math.floor(first + 1e-6);
  const length = (stretch?.end ?? Math.ceil(last)) - originX;
  const ordered = lanes.toSorted((a, b) => b.center - a.center);
  const originY = ordered[0].center;
  const within = (x: number): number => Math.min(Math.max(x - originX, 0), length);
  const placed = ordered
    .map((lane) => ({
      center: lane.center === originY ? 0 : lane.center - originY,
      width: lane.width,
      start: within(lane.start),
      end: within(lane.end),
    }))
    .filter((lane) => lane.end > lane.start);
  return {
    road: { name, length, lanes: placed },
    place: ({ x, y }) => ({
      x: x.map((along) => along - originX),
      y: y.map((across, t) => across - drift(x[t]) - originY),
    }),
  };
}

/** The share of its time that a track is farther than `limits.besideLanes` beside every lane. */
export function shareBesideLanes(track: Track, road: Road): number {
  let beside = 0;
  for (let t = 0; t < track.x.length; t++) {
    const near = road.lanes.some(
      ({ center, width }) => Math.abs(track.y[t] - center) <= width / 2 + limits.besideLanes,
    );
    if (!near) beside++;
  }
  return beside / track.x.length;
}

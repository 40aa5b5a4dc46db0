import type { Road } from "../../sim/index.ts";
import type { Coverage, Recording, Track } from "../recording.ts";
import { limits } from "./limits.ts";
import { appearsInMidRoad, vanishesInMidRoad } from "./mid-road.ts";
import type { Known } from "./sighting.ts";

/** Coverage is decided anew every so many frames. */
const sliceFrames = 5;
/** Vehicles come into sight at somewhat different places: coverage begins where this share of them has, and ends likewise. */
const seenShare = 0.95;

interface Span {
  start: number;
  end: number;
}

/**
 * Where the traffic of a clip is known. When all on the road are in the file: from where vehicles come into sight to
 * where they leave it, less the road around those that appear or vanish in mid-road, for `overlookedSeconds` before or
 * after. When some are: from the hindmost to the foremost.
 */
export function clipCoverage(
  clip: Recording["clips"][number],
  tracks: readonly Track[],
  road: Road,
  dt: number,
  known: Known,
): Coverage[] {
  const spans = new Map<number, Span>();
  if (known === "all in the lane") {
    const { firstFrame, endFrame } = clip;
    return [{ firstFrame, endFrame, start: 0, end: road.length }];
  }
  if (known === "all on the road") {
    const sight = lineOfSight(tracks, road);
    for (let frame = clip.firstFrame; frame < clip.endFrame; frame += sliceFrames) {
      spans.set(frame, { ...sight });
    }
    for (const track of tracks) cutAround(track, clip, road, dt, spans);
  } else {
    for (const track of tracks) stretchOver(track, clip.firstFrame, spans);
  }
  return joined(spans, clip.endFrame);
}

const sliceOf = (frame: number, clipStart: number): number => frame - ((frame - clipStart) % sliceFrames);

/** From where nearly all vehicles that come in over the hind end are seen, to where nearly all are still seen. */
function lineOfSight(tracks: readonly Track[], road: Road): Span {
  const firsts = tracks.map((track) => track.x[0]).filter((x) => x <= limits.laneEnd);
  const lasts = tracks.map((track) => track.x.at(-1)!).filter((x) => x >= road.length - limits.laneEnd);
  const rank = (values: number[], share: number): number | undefined =>
    values.sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];
  return { start: rank(firsts, seenShare) ?? 0, end: rank(lasts, 1 - seenShare) ?? road.length };
}

/** A vehicle that appears or vanishes in mid-road was there before or after, unseen: that part of the road is unknown. */
function cutAround(
  track: Track,
  clip: Recording["clips"][number],
  road: Road,
  dt: number,
  spans: Map<number, Span>,
): void {
  const last = track.x.length - 1;
  const overlooked = Math.round(limits.overlookedSeconds / dt);
  if (appearsInMidRoad(track, clip, road)) {
    for (let back = 1; back <= overlooked; back++) {
      const span = spans.get(sliceOf(track.firstFrame - back, clip.firstFrame));
      const front = track.x[0] - track.speed[0] * back * dt + track.length / 2;
      if (span !== undefined) span.start = Math.max(span.start, front);
    }
  }
  if (vanishesInMidRoad(track, clip, road)) {
    for (let on = 1; on <= overlooked; on++) {
      const span = spans.get(sliceOf(track.firstFrame + last + on, clip.firstFrame));
      const rear = track.x[last] + track.speed[last] * on * dt - track.length / 2;
      if (span !== undefined) span.end = Math.min(span.end, rear);
    }
  }
}

/** Widens the spans to hold a track. */
function stretchOver(track: Track, clipStart: number, spans: Map<number, Span>): void {
  for (let t = 0; t < track.x.length; t += 1) {
    const slice = sliceOf(track.firstFrame + t, clipStart);
    const span = spans.get(slice);
    if (span === undefined) spans.set(slice, { start: track.x[t], end: track.x[t] });
    else {
      span.start = Math.min(span.start, track.x[t]);
      span.end = Math.max(span.end, track.x[t]);
    }
  }
}

/** Slices of equal extent in a row as one; those without any are left out. */
function joined(spans: ReadonlyMap<number, Span>, endFrame: number): Coverage[] {
  const coverage: Coverage[] = [];
  for (const [firstFrame, { start, end }] of [...spans].sort((a, b) => a[0] - b[0])) {
    if (end <= start) continue;
    const last = coverage.at(-1);
    const next = { firstFrame, endFrame: Math.min(firstFrame + sliceFrames, endFrame), start, end };
    if (last?.endFrame === firstFrame && last.start === start && last.end === end) {
      coverage[coverage.length - 1] = { ...last, endFrame: next.endFrame };
    } else coverage.push(next);
  }
  return coverage;
}

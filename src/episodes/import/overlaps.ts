import { createTraffic } from "../../sim/index.ts";
import { createFrameReader } from "../frame-reader.ts";
import type { Track } from "../recording.ts";
import { trackEnd } from "../track.ts";

/** Of two tracks that lie on top of each other, the one to go and the one to stay, by index. */
export interface OnTop {
  readonly gone: number;
  readonly kept: number;
}

/**
 * Finds tracks that are one vehicle seen twice: in at least `frames` frames their boxes share more than `share` of the
 * smaller one. The shorter track goes, unless what it lies on is gone already.
 */
export function tracksOnTop(tracks: readonly Track[], share: number, frames: number): OnTop[] {
  const partners = new Map<number, number[]>();
  for (const [pair, count] of overlappingFrames(tracks, share)) {
    if (count < frames) continue;
    const a = Math.floor(pair / tracks.length);
    const b = pair % tracks.length;
    partners.set(a, [...(partners.get(a) ?? []), b]);
    partners.set(b, [...(partners.get(b) ?? []), a]);
  }
  const rank = (a: number, b: number): number =>
    tracks[b].x.length - tracks[a].x.length || tracks[a].id - tracks[b].id;
  const gone = new Set<number>();
  const found: OnTop[] = [];
  for (const index of [...partners.keys()].sort(rank)) {
    const kept = partners
      .get(index)!
      .filter((other) => rank(other, index) < 0 && !gone.has(other))
      .sort(rank)[0];
    if (kept === undefined) continue;
    gone.add(index);
    found.push({ gone: index, kept });
  }
  return found;
}

/** Pairs (first index × count + second index) → frames in which they overlap by more than `share`. */
function overlappingFrames(tracks: readonly Track[], share: number): Map<number, number> {
  const frames = tracks.reduce((last, track) => Math.max(last, trackEnd(track)), 0);
  // The place in the list instead of the id: the reader hands ids through.
  const indexed = tracks.map((track, id) => ({ ...track, id }));
  const reader = createFrameReader({ tracks: indexed, frames });
  const traffic = createTraffic(reader.capacity);
  const longest = tracks.reduce((most, track) => Math.max(most, track.length), 0);
  const counts = new Map<number, number>();
  for (let frame = 0; frame < frames; frame++) {
    reader.read(frame, traffic);
    const { id, x, y, length, width } = traffic;
    const order = Array.from({ length: traffic.count }, (_, i) => i).sort((a, b) => x[a] - x[b]);
    for (let i = 0; i < order.length; i++) {
      const a = order[i];
      for (let j = i + 1; j < order.length && x[order[j]] - x[a] < longest; j++) {
        const b = order[j];
        const along = sharedLength(x[a], length[a], x[b], length[b]);
        const across = sharedLength(y[a], width[a], y[b], width[b]);
        if (along <= 0 || across <= 0) continue;
        const smaller = Math.min(length[a] * width[a], length[b] * width[b]);
        if (along * across <= share * smaller) continue;
        const pair = Math.min(id[a], id[b]) * tracks.length + Math.max(id[a], id[b]);
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
  }
  return counts;
}

/** How much two intervals share, given by middle and size; zero or less: nothing. */
function sharedLength(a: number, sizeA: number, b: number, sizeB: number): number {
  return Math.min(a + sizeA / 2, b + sizeB / 2) - Math.max(a - sizeA / 2, b - sizeB / 2);
}

import type { Recording } from "../recording.ts";
import type { Draft } from "./repair.ts";

/** Empty frames between clips. */
const pauseFrames = 50;

/** A clip on the timeline, and its own number of its first frame. */
export type TimelineClip = Recording["clips"][number] & { readonly ownFirst: number };

/** Clips one after the other, empty road between them; in order of appearance unless `order` is given. */
export function clipsOnTimeline(
  drafts: readonly Draft[],
  order: readonly string[] | undefined,
): TimelineClip[] {
  const ranges = new Map<string, { first: number; last: number }>();
  for (const { clip, firstFrame, x } of drafts) {
    const range = ranges.get(clip) ?? { first: Infinity, last: -Infinity };
    ranges.set(clip, range);
    range.first = Math.min(range.first, firstFrame);
    range.last = Math.max(range.last, firstFrame + x.length - 1);
  }
  const clips: TimelineClip[] = [];
  for (const name of order ?? ranges.keys()) {
    const range = ranges.get(name);
    if (range === undefined) continue;
    const previous = clips.at(-1);
    const firstFrame = previous === undefined ? 0 : previous.endFrame + pauseFrames;
    clips.push({
      name,
      firstFrame,
      endFrame: firstFrame + range.last - range.first + 1,
      ownFirst: range.first,
    });
  }
  return clips;
}

import type { Coverage, Recording } from "./recording.ts";

/** Whether the whole stretch from `start` to `end` [m] was seen at `frame`, by one window or by several that join. */
export function isCovered(
  { coverage }: Pick<Recording, "coverage">,
  frame: number,
  start: number,
  end: number,
): boolean {
  const windows = windowsByFrame(coverage)[frame] ?? [];
  let reached = start;
  for (;;) {
    const before = reached;
    for (const window of windows) {
      if (window.start <= reached && window.end >= reached) reached = Math.max(reached, window.end);
    }
    if (reached >= end && reached > start) return true;
    if (reached === before) return false;
  }
}

const known = new WeakMap<Recording["coverage"], readonly (readonly Coverage[] | undefined)[]>();

/** The windows of each frame, looked up once: an hour may have thousands of them, and is asked about at every vehicle and frame. */
function windowsByFrame(coverage: Recording["coverage"]): readonly (readonly Coverage[] | undefined)[] {
  let frames = known.get(coverage);
  if (frames === undefined) {
    const lists: Coverage[][] = [];
    for (const window of coverage) {
      for (let frame = window.firstFrame; frame < window.endFrame; frame++)
        (lists[frame] ??= []).push(window);
    }
    known.set(coverage, (frames = lists));
  }
  return frames;
}

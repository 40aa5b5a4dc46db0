import type { Recording } from "./recording.ts";

/** Whether the whole stretch from `start` to `end` [m] was seen at `frame`, by one window or by several that join. */
export function isCovered(
  recording: Pick<Recording, "coverage">,
  frame: number,
  start: number,
  end: number,
): boolean {
  let reached = start;
  for (;;) {
    const before = reached;
    for (const window of recording.coverage) {
      if (frame < window.firstFrame || frame >= window.endFrame) continue;
      if (window.start <= reached && window.end >= reached) reached = Math.max(reached, window.end);
    }
    if (reached >= end && reached > start) return true;
    if (reached === before) return false;
  }
}

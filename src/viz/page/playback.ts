import type { EpisodeInfo, Snapshot } from "../protocol.ts";

/** What to draw now: two neighboring frames and how far between them, 0 to 1. */
export interface Moment {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly fraction: number;
}

/**
 * The clock of what is on screen. Frames come from the worker ahead of the playhead and are kept, so that the
 * picture moves evenly whatever the worker's rhythm and an episode can be wound back.
 */
export interface Playback {
  readonly info: EpisodeInfo | null;
  readonly frames: readonly Snapshot[];
  /** In frames, with a fraction. */
  readonly playhead: number;
  /** Whether the last frame is known and the playhead stands on it. */
  readonly atEnd: boolean;
  begin(info: EpisodeInfo): void;
  add(snapshot: Snapshot): void;
  /** Moves on by `seconds` of driving, unless a jump is still on its way. */
  advance(seconds: number): void;
  /** Jumps to a frame; to one not known yet as soon as it is. */
  seek(frame: number): void;
  /** Whether the playhead has come to a frame that it was to jump to, or to the end before it. */
  hasReached(frame: number): boolean;
  moment(): Moment | null;
  /**
   * How many frames to ask for now so that `ahead` of them lie before the playhead, no more than `atOnce` of them on their
   * way: a worker that is asked for many hears late of a change of mind.
   */
  wanted(ahead: number, atOnce: number): number;
}

export function createPlayback(): Playback {
  let info: EpisodeInfo | null = null;
  let frames: Snapshot[] = [];
  let playhead = 0;
  let asked = 0;
  /** Where a jump wants to go that was further than frames are known. */
  let target = 0;
  const last = (): number => Math.max(0, frames.length - 1);
  const complete = (): boolean => (frames.at(-1)?.verdict ?? null) !== null;
  return {
    get info() {
      return info;
    },
    get frames() {
      return frames;
    },
    get playhead() {
      return playhead;
    },
    get atEnd() {
      return complete() && playhead >= last();
    },
    begin(next) {
      info = next;
      frames = [];
      playhead = 0;
      target = 0;
      asked = 0;
    },
    add(snapshot) {
      frames.push(snapshot);
      if (target > playhead) playhead = Math.min(last(), target);
    },
    advance(seconds) {
      if (target > playhead && !complete()) return;
      if (info !== null && seconds > 0) playhead = target = Math.min(last(), playhead + seconds / info.dt);
    },
    seek(frame) {
      target = Math.max(0, frame);
      playhead = Math.min(last(), target);
    },
    hasReached: (frame) => playhead >= frame || (complete() && playhead >= last()),
    moment() {
      const index = Math.floor(playhead);
      const from = frames[index];
      if (from === undefined) return null;
      return { from, to: frames[index + 1] ?? from, fraction: playhead - index };
    },
    wanted(ahead, atOnce) {
      if (info === null || complete()) return 0;
      const onTheirWay = asked - frames.length;
      const missing = Math.min(
        Math.ceil(Math.max(playhead, target)) + 1 + ahead - asked,
        atOnce - onTheirWay,
      );
      if (missing <= 0) return 0;
      asked += missing;
      return missing;
    },
  };
}

import type { Rng } from "../core/index.ts";
import { createFrameReader, type FrameRange, type FrameReader, type Recording } from "../episodes/index.ts";
import { clipCandidate, segmentCandidate } from "./candidates.ts";
import { humanDrivesThrough } from "./screening.ts";

/**
 * One episode before anybody drives it: the vehicle `track` is replaced at `frame`. It succeeds when it passes `goalX`,
 * or when at `endFrame` it has come `requiredDistance` far; what is on the road but less far at `endFrame` timed out.
 */
export interface Start {
  /** Index into `recording.tracks`. */
  readonly track: number;
  /** The take-over: here the driver acts for the first time. */
  readonly frame: number;
  /** The last frame that is driven to. */
  readonly endFrame: number;
  /** Frames before the take-over in which the driver watches its ego follow the record. */
  readonly warmUpFrames: number;
  /** Where the take-over happens and where the human got to [m]. */
  readonly startX: number;
  readonly goalX: number;
  readonly requiredDistance: number;
  /** Frames the human took from the take-over to `goalX`. */
  readonly humanFrames: number;
}

/** A vehicle that crosses `fromX` must be brought past `toX` in its place. For recordings made in one go. */
export interface SegmentProtocol {
  readonly kind: "segment";
  readonly warmUpFrames: number;
  readonly fromX: number;
  readonly toX: number;
  /** Time allowed: this many times the human's time, and some seconds more. */
  readonly timeoutFactor: number;
  readonly timeoutSlackSeconds: number;
}

/** A vehicle is replaced for as long as it and its surroundings were seen. For short clips with moving coverage. */
export interface ClipProtocol {
  readonly kind: "clip";
  readonly warmUpFrames: number;
  readonly minimumSeconds: number;
  /** Part of the human's distance that must be reached. */
  readonly requiredFraction: number;
  /** The human must have moved, or standing still would be a success [m]. */
  readonly minimumDistance: number;
  /** Road that must be covered ahead of and behind the recorded ego [m]. */
  readonly coveredAhead: number;
  readonly coveredBehind: number;
}

export type Protocol = SegmentProtocol | ClipProtocol;

export const segmentProtocol: SegmentProtocol = {
  kind: "segment",
  warmUpFrames: 4,
  fromX: 120,
  toX: 340,
  timeoutFactor: 1.5,
  timeoutSlackSeconds: 10,
};

export const clipProtocol: ClipProtocol = {
  kind: "clip",
  warmUpFrames: 4,
  minimumSeconds: 6,
  requiredFraction: 0.6,
  minimumDistance: 20,
  coveredAhead: 20,
  coveredBehind: 10,
};

/** The protocol that fits a recording. */
export const protocolFor = (recording: Recording): Protocol =>
  recording.clips.length > 1 ? clipProtocol : segmentProtocol;

export interface StartSearch {
  readonly protocol?: Protocol;
  /** At most so many, drawn from all with `rng`. */
  readonly limit?: number;
  readonly rng: Rng;
  readonly reader?: FrameReader;
}

/**
 * The starts of a recording within `range`: those that the recorded human drives through without touching anyone and
 * without leaving the road, so that 100 % can be reached. The same recording, range, limit and stream
 * give the same list; it is in order of time.
 */
export function findStarts(recording: Recording, range: FrameRange, search: StartSearch): Start[] {
  const protocol = search.protocol ?? protocolFor(recording);
  const reader = search.reader ?? createFrameReader(recording);
  const candidates: Start[] = [];
  for (let track = 0; track < recording.tracks.length; track++) {
    const candidate =
      protocol.kind === "segment"
        ? segmentCandidate(recording, range, protocol, track)
        : clipCandidate(recording, range, protocol, track);
    if (candidate !== null) candidates.push(candidate);
  }
  const limit = search.limit ?? candidates.length;
  const starts: Start[] = [];
  // Fisher-Yates, only as far as needed.
  for (let i = 0; i < candidates.length && starts.length < limit; i++) {
    const j = i + search.rng.integer(candidates.length - i);
    [candidates[i], candidates[j]] = [candidates[j], candidates[i]];
    if (humanDrivesThrough(recording, reader, candidates[i])) starts.push(candidates[i]);
  }
  return starts.sort((a, b) => a.frame - b.frame || a.track - b.track);
}

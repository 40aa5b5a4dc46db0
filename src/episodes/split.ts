import type { Recording } from "./recording.ts";

/** Frames from `firstFrame` up to, not including, `endFrame`. */
export interface FrameRange {
  readonly firstFrame: number;
  readonly endFrame: number;
}

export const splitNames = ["train", "validation", "test"] as const;
export type SplitName = (typeof splitNames)[number];
export type Splits = { readonly [Name in SplitName]: FrameRange };

/** Where validation and test begin, as fractions of the recorded time. */
const continuousBounds = { validation: 0.8, test: 0.88 };
const clippedBounds = { validation: 0.25, test: 0.45 };

/** Left out before validation and before test [s], so that no vehicle's near future is another set's past. */
const gapSeconds = 5;

/**
 * Splits a recording by time: never by vehicle, because vehicles share their traffic.
 *
 * One clip: 80 % train, 8 % validation, 12 % test, five seconds between them. Several clips: each goes whole to
 * the set into which the middle of its recorded time falls, a quarter train, a fifth validation, the rest test:
 * such a recording is short and serves above all to test. Clips too few or too unlike to fill three sets, as the three
 * files of an hour are, are cut as one is.
 */
export function splits(recording: Pick<Recording, "dt" | "clips">): Splits {
  return (recording.clips.length > 1 ? splitByClips(recording) : null) ?? splitByTime(recording);
}

/** Null where a set would be empty. */
function splitByClips({ clips }: Pick<Recording, "clips">): Splits | null {
  const total = recordedFrames(clips);
  const members: Record<SplitName, FrameRange[]> = { train: [], validation: [], test: [] };
  let before = 0;
  for (const clip of clips) {
    const middle = (before + (clip.endFrame - clip.firstFrame) / 2) / total;
    const name =
      middle < clippedBounds.validation ? "train" : middle < clippedBounds.test ? "validation" : "test";
    members[name].push(clip);
    before += clip.endFrame - clip.firstFrame;
  }
  const range = (name: SplitName): FrameRange | null => {
    const first = members[name][0];
    const last = members[name].at(-1);
    return first && last ? { firstFrame: first.firstFrame, endFrame: last.endFrame } : null;
  };
  const [train, validation, test] = splitNames.map(range);
  return train && validation && test ? { train, validation, test } : null;
}

function splitByTime({ clips, dt }: Pick<Recording, "dt" | "clips">): Splits {
  const { firstFrame } = clips[0];
  const { endFrame } = clips.at(-1)!;
  const gap = Math.round(gapSeconds / dt);
  const validation = frameAfter(clips, continuousBounds.validation);
  const test = frameAfter(clips, continuousBounds.test);
  return {
    train: { firstFrame, endFrame: validation },
    validation: { firstFrame: Math.min(validation + gap, test), endFrame: test },
    test: { firstFrame: Math.min(test + gap, endFrame), endFrame },
  };
}

/** The frame before which that fraction of the recorded time lies. */
function frameAfter(clips: Recording["clips"], fraction: number): number {
  let left = Math.round(recordedFrames(clips) * fraction);
  const clip = clips.find(({ firstFrame, endFrame }) => {
    if (left <= endFrame - firstFrame) return true;
    left -= endFrame - firstFrame;
    return false;
  });
  return (clip ?? clips.at(-1)!).firstFrame + left;
}

const recordedFrames = (clips: Recording["clips"]): number =>
  clips.reduce((sum, { firstFrame, endFrame }) => sum + endFrame - firstFrame, 0);

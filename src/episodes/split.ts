import { InputError } from "../core/index.ts";
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
 * such a recording is short and serves above all to test.
 */
export function splits(recording: Pick<Recording, "name" | "dt" | "clips">): Splits {
  const { clips, dt } = recording;
  if (clips.length === 1) {
    const { firstFrame, endFrame } = clips[0];
    const at = (fraction: number): number => firstFrame + Math.round((endFrame - firstFrame) * fraction);
    const gap = Math.round(gapSeconds / dt);
    const validation = at(continuousBounds.validation);
    const test = at(continuousBounds.test);
    return {
      train: { firstFrame, endFrame: validation },
      validation: { firstFrame: Math.min(validation + gap, test), endFrame: test },
      test: { firstFrame: Math.min(test + gap, endFrame), endFrame },
    };
  }
  const total = clips.reduce((sum, clip) => sum + clip.endFrame - clip.firstFrame, 0);
  const members: Record<SplitName, FrameRange[]> = { train: [], validation: [], test: [] };
  let before = 0;
  for (const clip of clips) {
    const middle = (before + (clip.endFrame - clip.firstFrame) / 2) / total;
    const name =
      middle < clippedBounds.validation ? "train" : middle < clippedBounds.test ? "validation" : "test";
    members[name].push(clip);
    before += clip.endFrame - clip.firstFrame;
  }
  const range = (name: SplitName): FrameRange => {
    const first = members[name][0];
    const last = members[name].at(-1);
    if (first === undefined || last === undefined) {
      throw new InputError(
        `${recording.name}: expected clips enough for a ${name} set, got ${clips.length} of unsuitable lengths.`,
      );
    }
    return { firstFrame: first.firstFrame, endFrame: last.endFrame };
  };
  return { train: range("train"), validation: range("validation"), test: range("test") };
}

import { type FrameRange, type Recording, type SplitName, splitNames, splits } from "../episodes/index.ts";
import type { Observation, ObservedPart } from "./observe.ts";
import { quantityNames } from "./quantities.ts";
import { addTo, createSample, type Sample } from "./sample.ts";

/** A stretch of real traffic filmed in one go, and the set that it belongs to. */
export interface RealPart extends ObservedPart {
  readonly traffic: string;
  readonly split: SplitName;
}

/** The clips of a recording, or the pieces of its only clip, set by set. */
export function realParts(traffic: string, recording: Recording, mainLanes: number): RealPart[] {
  const stretch = [0, recording.road.length] as const;
  return splitNames.flatMap((split) => {
    const set = splits(recording)[split];
    return recording.clips.flatMap((clip) => {
      const range = common(set, clip);
      return range === null ? [] : [{ traffic, split, recording, range, mainLanes, stretch }];
    });
  });
}

function common(a: FrameRange, b: FrameRange): FrameRange | null {
  const firstFrame = Math.max(a.firstFrame, b.firstFrame);
  const endFrame = Math.min(a.endFrame, b.endFrame);
  return firstFrame < endFrame ? { firstFrame, endFrame } : null;
}

/** Several observations as one; vehicles and slices of time stay apart. */
export function pool(observations: readonly Observation[]): Observation {
  const samples = Object.fromEntries(
    quantityNames.map((name) => [name, poolSamples(observations.map((one) => one.samples[name]))]),
  ) as unknown as Observation["samples"];
  return {
    samples,
    changes: observations.flatMap(({ changes }) => changes),
    meters: observations.flatMap(({ meters }) => meters),
  };
}

function poolSamples(samples: readonly Sample[]): Sample {
  const pooled = createSample();
  let offset = 0;
  for (const { values, blocks } of samples) {
    let most = -1;
    for (let i = 0; i < values.length; i++) {
      addTo(pooled, values[i], offset + blocks[i]);
      most = Math.max(most, blocks[i]);
    }
    offset += most + 1;
  }
  return pooled;
}

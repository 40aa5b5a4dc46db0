import { frameSeconds } from "../core/index.ts";
import { splits, type SplitName, type Splits } from "../episodes/index.ts";
import type { Config } from "./configuration.ts";
import { describeGenerated } from "./recordings.ts";

/**
 * What has to be said of generated traffic that is shorter than what trainings with the same settings learn from: it is the
 * beginning of theirs, so that what it holds out may be what they have seen. One sentence per scenario of which it is true.
 * @param minutes the length that was asked for; undefined: as configured
 */
export function seenBefore(
  names: readonly string[],
  { split, minutes }: { readonly split: SplitName; readonly minutes?: number },
  { seed, traffic }: Pick<Config, "seed" | "traffic">,
): string[] {
  if (minutes === undefined) return [];
  const inMinutes = (frame: number): string => String(Number(((frame * frameSeconds) / 60).toFixed(1)));
  return names
    .filter((name) => traffic.scenarios.includes(name))
    .flatMap((name) => {
      const splitsOf = (minutes: number): Splits => {
        const { frames } = describeGenerated(name, { ...traffic, minutes }, seed);
        return splits({ dt: frameSeconds, clips: [{ name, firstFrame: 0, endFrame: frames }] });
      };
      const begin = splitsOf(minutes)[split].firstFrame;
      const learned = splitsOf(traffic.minutes).train.endFrame;
      if (begin >= learned) return [];
      return (
        `${name}: its ${split} stretch begins ${inMinutes(begin)} min into traffic (seed ${seed}) of which trainings with ` +
        `traffic.minutes=${traffic.minutes} learn the first ${inMinutes(learned)}; whoever was trained so has seen it.`
      );
    });
}

import { createRng, InputError, type Rng } from "../core/index.ts";
import {
  createFrameReader,
  type FrameReader,
  type Recording,
  type SplitName,
  splits,
} from "../episodes/index.ts";
import {
  avoidableShare,
  createLiving,
  createReplay,
  type EpisodeResult,
  type EvaluationRow,
  evaluationRow,
  findAvoidable,
  findStarts,
  type Mode,
  runEpisodes,
  type Start,
} from "../evaluation/index.ts";
import type { Driver } from "../sim/index.ts";
import { withProgress } from "./progress.ts";

/** Drivers to be judged on the same starts of one recording. */
export interface VerdictOptions {
  readonly recording: Recording;
  readonly split: SplitName;
  /** At most so many starts. */
  readonly episodes: number;
  readonly seed: number;
  readonly drivers: readonly { readonly name: string; readonly driver: Driver }[];
  /** What everybody but the ego does; several give a row each. */
  readonly modes?: readonly Mode[];
  /** Part of the others that copies of the driver drive in mode `self`. */
  readonly selfShare?: number;
  /** Keep every step of every episode. */
  readonly trace?: boolean;
  /** Who is asked what it would have made of the last seconds before a failure. */
  readonly rescuer?: { readonly name: string; readonly driver: Driver };
}

/** A tenth of the others: enough to meet oneself in every episode, few enough for a minute's evaluation. */
export const defaultSelfShare = 0.1;

/** A row of the table and the episodes behind it. */
export interface Verdict {
  readonly row: EvaluationRow;
  readonly results: readonly EpisodeResult[];
  /** Per episode, where a rescuer was asked and something went wrong. */
  readonly avoidable: readonly (boolean | null)[];
}

const evaluationRng = ({
  recording,
  split,
  seed,
}: Pick<VerdictOptions, "recording" | "split" | "seed">): Rng =>
  createRng(seed).fork(`evaluation/${recording.name}/${split}`);

/**
 * The starts through which everybody is sent: the same for the same recording, split, number and seed.
 * @throws InputError when the recording has no start in that split.
 */
export function evaluationStarts(
  options: Pick<VerdictOptions, "recording" | "split" | "episodes" | "seed"> & {
    readonly reader?: FrameReader;
  },
): Start[] {
  const { recording, split, episodes, reader } = options;
  const starts = findStarts(recording, splits(recording)[split], {
    limit: episodes,
    rng: evaluationRng(options).fork("starts"),
    ...(reader === undefined ? {} : { reader }),
  });
  if (starts.length === 0) {
    throw new InputError(
      `${recording.name}: expected starts in its ${split} split, got none; record longer, or choose another split.`,
    );
  }
  return starts;
}

/**
 * Sends every driver through the same frozen starts.
 * @throws InputError when the recording has no start in that split.
 */
export function judge(options: VerdictOptions): Verdict[] {
  const { recording, split, drivers } = options;
  const rng = evaluationRng(options);
  const reader = createFrameReader(recording);
  const starts = evaluationStarts({ ...options, reader });
  const modes = options.modes ?? ["replay"];
  const total = starts.length * drivers.length * modes.length;
  return withProgress({ label: `evaluate on ${recording.name}`, total, unit: "episodes" }, (progress) => {
    const verdicts: Verdict[] = [];
    for (const mode of modes) {
      const others =
        mode === "replay"
          ? createReplay(reader)
          : createLiving({
              recording,
              reader,
              selfShare: mode === "self" ? (options.selfShare ?? defaultSelfShare) : 0,
              rng: rng.fork("others"),
            });
      for (const { name, driver } of drivers) {
        const before = verdicts.length * starts.length;
        const begin = performance.now();
        const results = runEpisodes({
          recording,
          starts,
          driver,
          rng: rng.fork(`drive ${name}`),
          reader,
          others,
          trace: options.trace === true || options.rescuer !== undefined,
          onProgress: (done) => progress.update(before + done, `${name}, ${mode}`),
        });
        const label = { driver: name, mode, traffic: recording.name, split };
        const row = evaluationRow(label, results, (performance.now() - begin) / 1000);
        // A rescue rolls back the record, which living traffic has left.
        if (options.rescuer === undefined || mode !== "replay") {
          verdicts.push({ row, results, avoidable: results.map(() => null) });
        } else {
          const rescue = { recording, reader, results, driver: options.rescuer.driver };
          const avoidable = findAvoidable({ ...rescue, rng: rng.fork(`rescue ${name}`) });
          const share = avoidableShare(options.rescuer.name, avoidable);
          verdicts.push({ row: { ...row, avoidable: share }, results, avoidable });
        }
      }
    }
    return verdicts;
  });
}

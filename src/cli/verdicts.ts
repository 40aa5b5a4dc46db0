import { createRng, InputError } from "../core/index.ts";
import { createFrameReader, type Recording, type SplitName, splits } from "../episodes/index.ts";
import {
  type EpisodeResult,
  type EvaluationRow,
  evaluationRow,
  findStarts,
  runEpisodes,
} from "../evaluation/index.ts";
import type { Driver } from "../sim/index.ts";
import { createProgress } from "./progress.ts";

/** Drivers to be judged on the same starts of one recording. */
export interface VerdictOptions {
  readonly recording: Recording;
  readonly split: SplitName;
  /** At most so many starts. */
  readonly episodes: number;
  readonly seed: number;
  readonly drivers: readonly { readonly name: string; readonly driver: Driver }[];
  /** Keep every step of every episode. */
  readonly trace?: boolean;
}

/** A row of the table and the episodes behind it. */
export interface Verdict {
  readonly row: EvaluationRow;
  readonly results: readonly EpisodeResult[];
}

/**
 * Sends every driver through the same frozen starts.
 * @throws InputError when the recording has no start in that split.
 */
export function judge(options: VerdictOptions): Verdict[] {
  const { recording, split, seed, drivers } = options;
  const rng = createRng(seed).fork(`evaluation/${recording.name}/${split}`);
  const reader = createFrameReader(recording);
  const starts = findStarts(recording, splits(recording)[split], {
    limit: options.episodes,
    rng: rng.fork("starts"),
    reader,
  });
  if (starts.length === 0) {
    throw new InputError(
      `${recording.name}: expected starts in its ${split} split, got none; record longer, or choose another split.`,
    );
  }
  const progress = createProgress(
    `evaluate on ${recording.name}`,
    starts.length * drivers.length,
    "episodes",
  );
  const verdicts: Verdict[] = [];
  for (const { name, driver } of drivers) {
    const before = verdicts.length * starts.length;
    const begin = performance.now();
    const results = runEpisodes({
      recording,
      starts,
      driver,
      rng: rng.fork(`drive ${name}`),
      reader,
      ...(options.trace === undefined ? {} : { trace: options.trace }),
      onProgress: (done) => progress.update(before + done, name),
    });
    const label = { driver: name, mode: "replay", traffic: recording.name, split } as const;
    verdicts.push({ row: evaluationRow(label, results, (performance.now() - begin) / 1000), results });
  }
  progress.stop();
  return verdicts;
}

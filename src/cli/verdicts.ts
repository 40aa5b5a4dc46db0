import { InputError } from "../core/index.ts";
import {
  createFrameReader,
  type FrameReader,
  type Recording,
  type SplitName,
  splits,
} from "../episodes/index.ts";
import {
  avoidableShare,
  batchesOf,
  type EpisodeResult,
  type EvaluationRow,
  evaluationRow,
  findAvoidable,
  findStarts,
  type Mode,
  type Start,
} from "../evaluation/index.ts";
import type { Driver } from "../sim/index.ts";
import type { DrivingCrew } from "./judging/crew.ts";
import { type BatchTask, createBatchRunner, type Drive, type Trial, trialRng } from "./judging/trial.ts";
import { withProgress } from "./progress.ts";

/** Somebody to be judged. */
export interface Entrant {
  readonly name: string;
  readonly driver: Driver;
  /** What `openDriver` opened, where that is not the name: threads open their own. */
  readonly source?: string;
}

/** Drivers to be judged on the same starts of one recording. */
export interface VerdictOptions {
  readonly recording: Recording;
  readonly split: SplitName;
  /** At most so many starts. */
  readonly episodes: number;
  readonly seed: number;
  readonly drivers: readonly Entrant[];
  /** Threads that may drive, where there is enough to drive; the same comes of it. */
  readonly crew?: DrivingCrew;
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
    rng: trialRng(options).fork("starts"),
    ...(reader === undefined ? {} : { reader }),
  });
  if (starts.length === 0) {
    throw new InputError(
      `${recording.name}: expected starts in its ${split} split, got none; record longer, or choose another split.`,
    );
  }
  return starts;
}

/** One driver in one mode: a row of the table, and what it takes. */
interface Line {
  readonly name: string;
  readonly driver: Driver;
  readonly mode: Mode;
  readonly tasks: readonly BatchTask[];
}

/**
 * Sends every driver through the same frozen starts.
 * @throws InputError when the recording has no start in that split.
 */
export async function judge(options: VerdictOptions): Promise<Verdict[]> {
  const { recording, split, seed, drivers, rescuer, crew } = options;
  const reader = createFrameReader(recording);
  const starts = evaluationStarts({ ...options, reader });
  const trial: Trial = {
    recording,
    split,
    seed,
    selfShare: options.selfShare ?? defaultSelfShare,
    trace: options.trace === true || rescuer !== undefined,
  };
  const lines = (options.modes ?? ["replay"]).flatMap((mode) =>
    drivers.map(({ name, driver, source = name }): Line => {
      const tasks = batchesOf(starts, mode).map((batch) => ({ name, source, mode, batch }));
      return { name, driver, mode, tasks };
    }),
  );
  const tasks = lines.flatMap((line) => line.tasks);
  const total = starts.length * lines.length;
  const label = `evaluate on ${recording.name}`;
  return withProgress({ label, total, unit: "episodes" }, async (progress) => {
    let done = 0;
    const onDone = ({ name, mode, batch }: BatchTask): void =>
      progress.update((done += batch.starts.length), `${name}, ${mode}`);
    const drives =
      crew?.isWorth(tasks) === true
        ? await crew.drive(trial, tasks, onDone)
        : driveHere(lines, createBatchRunner(trial, reader), onDone);
    let first = 0;
    return lines.map((line) => {
      const own = drives.slice(first, (first += line.tasks.length));
      return verdictOn(line, own, options, reader);
    });
  });
}

const driveHere = (
  lines: readonly Line[],
  run: ReturnType<typeof createBatchRunner>,
  onDone: (task: BatchTask) => void,
): Drive[] =>
  lines.flatMap(({ driver, tasks }) =>
    tasks.map((task) => {
      const drive = run(driver, task);
      onDone(task);
      return drive;
    }),
  );

function verdictOn(
  { name, mode }: Line,
  drives: readonly Drive[],
  options: VerdictOptions,
  reader: FrameReader,
): Verdict {
  const { recording, split, rescuer } = options;
  const results = drives.flatMap((drive) => drive.results);
  // Wall time: threads drive several batches at once, and may drive those of others in between.
  const begun = Math.min(...drives.map((drive) => drive.begun));
  const ended = Math.max(...drives.map((drive) => drive.ended));
  const label = { driver: name, mode, traffic: recording.name, split };
  const row = evaluationRow(label, results, (ended - begun) / 1000);
  // A rescue rolls back the record, which living traffic has left.
  if (rescuer === undefined || mode !== "replay") {
    return { row, results, avoidable: results.map(() => null) };
  }
  const rng = trialRng(options).fork(`rescue ${name}`);
  const avoidable = findAvoidable({ recording, reader, results, driver: rescuer.driver, rng });
  return { row: { ...row, avoidable: avoidableShare(rescuer.name, avoidable) }, results, avoidable };
}

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
import type { DriveStore } from "./judging/kept-drives.ts";
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
  /** Keeps what takes long to drive, and has kept it. */
  readonly store?: DriveStore;
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
      const tasks = batchesOf(starts, mode, driver.batchSize).map((batch) => ({ name, source, mode, batch }));
      return { name, driver, mode, tasks };
    }),
  );
  const tasks = lines.flatMap((line) => line.tasks);
  const total = starts.length * lines.length;
  const label = `evaluate on ${recording.name}`;
  return withProgress({ label, total, unit: "episodes" }, async (progress) => {
    const kept = options.store?.in(trial);
    const drives = new Map(tasks.map((task) => [task, kept?.of(task)]));
    const left = tasks.filter((task) => drives.get(task) === undefined);
    let done = total - episodesOf(left);
    const onDone = (task: BatchTask, drive: Drive): void => {
      drives.set(task, drive);
      kept?.keep(task, drive);
      progress.update((done += task.batch.starts.length), `${task.name}, ${task.mode}`);
    };
    if (crew?.isWorth(left) === true) await crew.drive(trial, left, onDone);
    else driveHere(lines, new Set(left), createBatchRunner(trial, reader), onDone);
    return lines.map((line) =>
      verdictOn(
        line,
        line.tasks.map((task) => drives.get(task)!),
        options,
        reader,
      ),
    );
  });
}

const episodesOf = (tasks: readonly BatchTask[]): number =>
  tasks.reduce((sum, { batch }) => sum + batch.starts.length, 0);

function driveHere(
  lines: readonly Line[],
  left: ReadonlySet<BatchTask>,
  run: ReturnType<typeof createBatchRunner>,
  onDone: (task: BatchTask, drive: Drive) => void,
): void {
  for (const { driver, tasks } of lines) {
    for (const task of tasks) if (left.has(task)) onDone(task, run(driver, task));
  }
}

function verdictOn(
  { name, mode }: Line,
  drives: readonly Drive[],
  options: VerdictOptions,
  reader: FrameReader,
): Verdict {
  const { recording, split, rescuer } = options;
  const results = drives.flatMap((drive) => drive.results);
  const label = { driver: name, mode, traffic: recording.name, split };
  const row = evaluationRow(label, results, secondsOf(drives));
  // A rescue rolls back the record, which living traffic has left.
  if (rescuer === undefined || mode !== "replay") {
    return { row, results, avoidable: results.map(() => null) };
  }
  const rng = trialRng(options).fork(`rescue ${name}`);
  const avoidable = findAvoidable({ recording, reader, results, driver: rescuer.driver, rng });
  return { row: { ...row, avoidable: avoidableShare(rescuer.name, avoidable) }, results, avoidable };
}

/** Wall time in which at least one of the batches was driven [s]: threads drive several at once, and some were driven before a stop. */
function secondsOf(drives: readonly Drive[]): number {
  let until = -Infinity;
  let sum = 0;
  for (const { begun, ended } of [...drives].sort((a, b) => a.begun - b.begun)) {
    sum += Math.max(0, ended - Math.max(begun, until));
    until = Math.max(until, ended);
  }
  return sum / 1000;
}

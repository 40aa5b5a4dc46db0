import { createRng, type Rng } from "../../core/index.ts";
import { createFrameReader, type Recording, type SplitName } from "../../episodes/index.ts";
import {
  type Batch,
  createLiving,
  createReplay,
  type EpisodeResult,
  type Mode,
  type Others,
  runBatch,
} from "../../evaluation/index.ts";
import type { Driver } from "../../sim/index.ts";

/** What everybody who is judged together goes through, in plain data that travels to a worker. */
export interface Trial {
  readonly recording: Recording;
  readonly split: SplitName;
  readonly seed: number;
  /** Part of the others that copies of the driver drive in mode `self`. */
  readonly selfShare: number;
  readonly trace: boolean;
}

/** One batch of one driver. */
export interface BatchTask {
  /** Names the driver in the table, and its stream. */
  readonly name: string;
  /** By which `openDriver` knows it. */
  readonly source: string;
  readonly mode: Mode;
  readonly batch: Batch;
}

/** What came of a batch, and when, in milliseconds on the clock that all threads share. */
export interface Drive {
  readonly results: readonly EpisodeResult[];
  readonly begun: number;
  readonly ended: number;
}

export const trialRng = ({ recording, split, seed }: Pick<Trial, "recording" | "split" | "seed">): Rng =>
  createRng(seed).fork(`evaluation/${recording.name}/${split}`);

/** Drives batches of a trial in this thread; which came before changes nothing. */
export function createBatchRunner(
  { recording, selfShare, trace, ...trial }: Trial,
  reader = createFrameReader(recording),
): (driver: Driver, task: BatchTask) => Drive {
  const rng = trialRng({ recording, ...trial });
  const surroundings = new Map<Mode, Others>();
  const othersIn = (mode: Mode): Others => {
    if (mode === "replay") return createReplay(reader);
    const share = mode === "self" ? selfShare : 0;
    return createLiving({ recording, reader, selfShare: share, rng: rng.fork("others") });
  };
  const now = (): number => performance.timeOrigin + performance.now();
  return (driver, { name, mode, batch }) => {
    const others = surroundings.get(mode) ?? othersIn(mode);
    surroundings.set(mode, others);
    const begun = now();
    const results = runBatch(
      { recording, driver, rng: rng.fork(`drive ${name}`), reader, others, trace },
      batch,
    );
    return { results, begun, ended: now() };
  };
}

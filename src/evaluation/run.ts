import type { Rng } from "../core/index.ts";
import { createFrameReader, type FrameReader, type Recording } from "../episodes/index.ts";
import type { Action, Driver, Scene } from "../sim/index.ts";
import { createEpisode, type Episode, type EpisodeResult } from "./episode.ts";
import type { Start } from "./protocol.ts";
import { createReplay, type Mode, type Others } from "./surroundings.ts";

export interface RunOptions {
  readonly recording: Recording;
  readonly starts: readonly Start[];
  readonly driver: Driver;
  readonly rng: Rng;
  /** An index of the recording, where one exists already. */
  readonly reader?: FrameReader;
  /** What everybody but the egos does; their record, unless something else is said. */
  readonly others?: Others;
  /** Keep what every ego did. */
  readonly trace?: boolean;
}

/**
 * Several episodes in lockstep, so that the driver sees them as one batch. `decide` and `move` alternate; between
 * them a viewer finds what is seen and what was decided.
 */
export interface Run {
  readonly episodes: readonly Episode[];
  /** The action of each ego at its frame, in the order of the episodes; those of copies follow. */
  readonly actions: readonly Readonly<Action>[];
  readonly done: boolean;
  /** Lets the driver watch (before the take-over) or act, when its time has come. */
  decide(): void;
  /** Takes every unfinished episode to its next frame. */
  move(): void;
  dispose(): void;
}

/** Frames for which an action is held, unless the driver says otherwise. */
export const defaultDecisionFrames = 2;

/** All starts must have the same warm-up. */
export function createRun(options: RunOptions): Run {
  const { recording, starts, driver } = options;
  const others = options.others ?? createReplay(options.reader ?? createFrameReader(recording));
  const episodes = starts.map((start) => createEpisode(recording, others, start, options.trace));
  // The egos first, then the copies of each episode, so that the driver sees all of them as one batch.
  const firstCopies = [episodes.length];
  for (const { copies } of episodes) firstCopies.push(firstCopies.at(-1)! + copies.length);
  const scenes: (Scene | null)[] = Array.from({ length: firstCopies.at(-1)! }, () => null);
  const actions: Action[] = scenes.map(() => ({ acceleration: 0, steering: 0 }));
  const ofCopies = episodes.map((_, i) => actions.slice(firstCopies[i], firstCopies[i + 1]));
  const lookAround = (): void => {
    episodes.forEach(({ result, scene, copies }, i) => {
      scenes[i] = result === null ? scene : null;
      copies.forEach((copy, c) => (scenes[firstCopies[i] + c] = result === null ? copy : null));
    });
  };
  const session = driver.begin(scenes.length, options.rng);
  const decisionFrames = driver.decisionFrames ?? defaultDecisionFrames;
  let untilTakeOver = starts[0]?.warmUpFrames ?? 0;
  return {
    episodes,
    actions,
    get done() {
      return episodes.every(({ result }) => result !== null);
    },
    decide() {
      if (untilTakeOver % decisionFrames !== 0) return;
      lookAround();
      if (untilTakeOver > 0) session.observe(scenes);
      else session.act(scenes, actions);
    },
    move() {
      untilTakeOver--;
      episodes.forEach((episode, i) => episode.move(actions[i], ofCopies[i]));
    },
    dispose: () => session.dispose(),
  };
}

export interface RunAllOptions extends RunOptions {
  /** Episodes driven at the same time. */
  readonly batchSize?: number;
  /** Told after each batch how many episodes are done. */
  readonly onProgress?: (done: number) => void;
}

const defaultBatchSize = 64;
/** Fewer, since each of them brings its copies along. */
const selfBatchSize = 8;

/** Starts that are driven in lockstep, and the place of the first among all. */
export interface Batch {
  readonly first: number;
  readonly starts: readonly Start[];
}

/**
 * The batches of `starts`; what comes of one depends on no other, so they may be driven anywhere in any order.
 * @param most starts of one, as the driver has it
 */
export function batchesOf(starts: readonly Start[], mode: Mode, most = defaultBatchSize): Batch[] {
  const size = mode === "self" ? Math.min(most, selfBatchSize) : most;
  return Array.from({ length: Math.ceil(starts.length / size) }, (_, i) => ({
    first: i * size,
    starts: starts.slice(i * size, (i + 1) * size),
  }));
}

/**
 * Drives a batch to its end; results in the order of its starts.
 * @param options with the stream of all batches, from which each takes its own
 */
export function runBatch(options: Omit<RunOptions, "starts">, { first, starts }: Batch): EpisodeResult[] {
  const run = createRun({ ...options, starts, rng: options.rng.fork(`episodes from ${first}`) });
  while (!run.done) {
    run.decide();
    run.move();
  }
  run.dispose();
  return run.episodes.map(({ result }) => result!);
}

/** Drives every start to its end; results in the order of the starts. */
export function runEpisodes(options: RunAllOptions): EpisodeResult[] {
  const reader = options.reader ?? createFrameReader(options.recording);
  const results: EpisodeResult[] = [];
  for (const batch of batchesOf(options.starts, options.others?.mode ?? "replay", options.batchSize)) {
    results.push(...runBatch({ ...options, reader }, batch));
    options.onProgress?.(results.length);
  }
  return results;
}

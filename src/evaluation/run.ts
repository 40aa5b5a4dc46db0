import type { Rng } from "../core/index.ts";
import { createFrameReader, type FrameReader, type Recording } from "../episodes/index.ts";
import type { Action, Driver, Scene } from "../sim/index.ts";
import { createEpisode, type Episode, type EpisodeResult } from "./episode.ts";
import type { Start } from "./protocol.ts";

export interface RunOptions {
  readonly recording: Recording;
  readonly starts: readonly Start[];
  readonly driver: Driver;
  readonly rng: Rng;
  /** An index of the recording, where one exists already. */
  readonly reader?: FrameReader;
  /** Keep what every ego did. */
  readonly trace?: boolean;
}

/**
 * Several episodes in lockstep, so that the driver sees them as one batch. `decide` and `move` alternate; between
 * them a viewer finds what is seen and what was decided.
 */
export interface Run {
  readonly episodes: readonly Episode[];
  /** The action of each ego at its frame. */
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
  const reader = options.reader ?? createFrameReader(recording);
  const episodes = starts.map((start) => createEpisode(recording, reader, start, options.trace));
  const actions: Action[] = starts.map(() => ({ acceleration: 0, steering: 0 }));
  const scenes: (Scene | null)[] = episodes.map((episode) => episode.scene);
  const session = driver.begin(starts.length, options.rng);
  const decisionFrames = driver.decisionFrames ?? defaultDecisionFrames;
  let untilTakeOver = starts[0]?.warmUpFrames ?? 0;
  return {
    episodes,
    actions,
    get done() {
      return scenes.every((scene) => scene === null);
    },
    decide() {
      if (untilTakeOver % decisionFrames !== 0) return;
      if (untilTakeOver > 0) session.observe(scenes);
      else session.act(scenes, actions);
    },
    move() {
      untilTakeOver--;
      for (let i = 0; i < episodes.length; i++) {
        if (scenes[i] === null) continue;
        episodes[i].move(actions[i]);
        if (episodes[i].result !== null) scenes[i] = null;
      }
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

/** Drives every start to its end; results in the order of the starts. */
export function runEpisodes(options: RunAllOptions): EpisodeResult[] {
  const { starts, batchSize = defaultBatchSize } = options;
  const reader = options.reader ?? createFrameReader(options.recording);
  const results: EpisodeResult[] = [];
  for (let first = 0; first < starts.length; first += batchSize) {
    const run = createRun({
      ...options,
      reader,
      starts: starts.slice(first, first + batchSize),
      rng: options.rng.fork(`episodes from ${first}`),
    });
    while (!run.done) {
      run.decide();
      run.move();
    }
    run.dispose();
    for (const episode of run.episodes) results.push(episode.result!);
    options.onProgress?.(results.length);
  }
  return results;
}

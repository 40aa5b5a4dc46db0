import type { Action, Driver, DriverSession } from "../sim/index.ts";
import type { EpisodeResult } from "./episode.ts";
import { defaultDecisionFrames, runEpisodes, type RunOptions } from "./run.ts";
import type { Trace } from "./trace.ts";

/** How long before the end of a failed episode another driver takes over [s]. */
export const rollBackSeconds = 3;

export interface RollBackOptions extends Omit<RunOptions, "starts" | "driver" | "trace"> {
  /** Episodes with their traces. */
  readonly results: readonly EpisodeResult[];
  /** Who takes over. */
  readonly driver: Driver;
}

/**
 * Says of every episode that ended in a collision or off the road whether `driver` would have avoided that, had it taken
 * over `rollBackSeconds` before: it must drive on for as long again after the time of the failure, or finish. Null for the
 * other episodes. Until then the ego does what it did, so the same instant comes again in every mode of traffic.
 */
export function findAvoidable(options: RollBackOptions): (boolean | null)[] {
  const { results, driver, ...run } = options;
  const frames = Math.round(rollBackSeconds / run.recording.dt);
  const failed = results.filter(isFailure);
  const repeats = failed.map((result): Repeat => {
    if (result.trace === null) throw new Error("expected episodes with traces, got one without");
    return { trace: result.trace, frames: Math.max(0, result.frames - frames) };
  });
  const again = runEpisodes({
    ...run,
    starts: failed.map(({ start }) => start),
    driver: createRepeatingDriver(repeats, failed[0]?.start.warmUpFrames ?? 0, driver),
    batchSize: Math.max(1, failed.length),
  });
  const avoided = new Map(
    failed.map((result, i) => [result, !isFailure(again[i]) || again[i].frames >= result.frames + frames]),
  );
  return results.map((result) => avoided.get(result) ?? null);
}

/** A timeout has no instant at which something went wrong. */
const isFailure = ({ cause }: EpisodeResult): boolean => cause !== "finished" && cause !== "timeout";

interface Repeat {
  readonly trace: Trace;
  /** For how many frames the trace is repeated. */
  readonly frames: number;
}

/** Does again what the egos of `repeats` did, each up to its frame; then `driver` takes over, which has watched. */
function createRepeatingDriver(repeats: readonly Repeat[], warmUpFrames: number, driver: Driver): Driver {
  const rhythm = driver.decisionFrames ?? defaultDecisionFrames;
  return {
    name: driver.name,
    decisionFrames: 1,
    begin(count, rng): DriverSession {
      // One session each, since they take over at different times.
      const sessions = Array.from({ length: count }, (_, i) => driver.begin(1, rng.fork(`ego ${i}`)));
      let now = -warmUpFrames;
      const look = (scenes: Parameters<DriverSession["act"]>[0], actions: readonly Action[] | null): void => {
        scenes.forEach((scene, i) => {
          if (scene === null) return;
          const { trace, frames } = repeats[i];
          const itsTurn = (now - frames) % rhythm === 0;
          if (now >= frames && actions !== null) {
            if (itsTurn) sessions[i].act([scene], [actions[i]]);
            return;
          }
          if (itsTurn) sessions[i].observe([scene]);
          if (actions === null) return;
          actions[i].acceleration = trace.acceleration[now];
          actions[i].steering = trace.steering[now];
        });
        now++;
      };
      return {
        observe: (scenes) => look(scenes, null),
        act: look,
        dispose: () => sessions.forEach((session) => session.dispose()),
      };
    },
  };
}

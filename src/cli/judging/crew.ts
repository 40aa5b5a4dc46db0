import { type Crew, withCrew } from "../crew.ts";
import { ruleNamed } from "../drivers.ts";
import { plannerNamed } from "../planners.ts";
import type { BatchTask, Drive, Trial } from "./trial.ts";
import type { OpeningPlan } from "./worker.ts";

export interface DrivingCrewOptions extends OpeningPlan {
  readonly workers: number;
}

/** Threads that drive batches. */
export interface DrivingCrew {
  /** Whether the tasks are done sooner with threads than without. */
  isWorth(tasks: readonly BatchTask[]): boolean;
  /** @throws the first error of a task, or Interrupted */
  drive(
    trial: Trial,
    tasks: readonly BatchTask[],
    onDone: (task: BatchTask, drive: Drive) => void,
  ): Promise<void>;
}

/** What an episode takes at least, by who drives [s of a core]. */
const episodeSeconds = { rule: 0.006, network: 0.035, planner: 0.5 } as const;

/** Lends a crew to `work`; however that ends, no thread is left. */
export function withDrivingCrew<Outcome>(
  { workers, backend, planning }: DrivingCrewOptions,
  work: (crew: DrivingCrew) => Promise<Outcome>,
): Promise<Outcome> {
  const workerData: OpeningPlan = { backend, planning };
  const module = new URL("./worker.ts", import.meta.url);
  const threads = { module, workerData, startSeconds: 1.7, workers, backend };
  return withCrew(threads, (crew: Crew<BatchTask, Drive, Trial>) => {
    let told: Trial | undefined;
    return work({
      isWorth: (tasks) =>
        crew.isWorth(
          tasks.length,
          tasks.reduce((sum, task) => sum + secondsOf(task), 0),
        ),
      async drive(trial, tasks, onDone) {
        const isTold = told !== undefined && isSame(trial, told);
        told = trial;
        const stopped = `The evaluation on ${trial.recording.name} was stopped before its end.`;
        await crew.work(tasks, { stopped, onDone, ...(isTold ? {} : { news: trial }) });
      },
    });
  });
}

function secondsOf({ source, batch }: BatchTask): number {
  const isRule = ruleNamed(source) !== undefined;
  const kind = isRule ? "rule" : plannerNamed(source) === undefined ? "network" : "planner";
  return batch.starts.length * episodeSeconds[kind];
}

const isSame = (one: Trial, other: Trial): boolean =>
  (Object.keys(one) as (keyof Trial)[]).every((name) => one[name] === other[name]);

import { ruleNamed } from "../drivers.ts";
import { Interrupted } from "../errors.ts";
import { interruptible } from "../interrupt.ts";
import { plannerNamed } from "../planners.ts";
import { createWorkerPool, type WorkerPool } from "../worker-pool.ts";
import type { BatchTask, Drive, Trial } from "./trial.ts";
import type { OpeningPlan } from "./worker.ts";

export interface CrewOptions extends OpeningPlan {
  readonly workers: number;
}

/** Threads that drive batches; they start when there is work that is worth it, and stay for what comes after. */
export interface DrivingCrew {
  /** Whether the tasks are done sooner with threads than without. */
  isWorth(tasks: readonly BatchTask[]): boolean;
  /**
   * What came of the tasks, in their order.
   * @throws the first error of a task, or Interrupted
   */
  drive(trial: Trial, tasks: readonly BatchTask[], onDone: (task: BatchTask) => void): Promise<Drive[]>;
}

/** What a thread costs before it drives, and an episode at least, by who drives [s of a core]. */
const startSeconds = 1.7;
const episodeSeconds = { rule: 0.006, network: 0.035, planner: 0.5 } as const;

/** Lends a crew to `work`; however that ends, no thread is left. */
export function withDrivingCrew<Result>(
  { workers, backend, planning }: CrewOptions,
  work: (crew: DrivingCrew) => Promise<Result>,
): Promise<Result> {
  // There is one graphics card, however many cores ask it.
  const size = backend === "webgpu" ? 1 : workers;
  let pool: WorkerPool<BatchTask, Drive, Trial> | undefined;
  let told: Trial | undefined;
  const crew: DrivingCrew = {
    isWorth(tasks) {
      const atOnce = Math.min(size, tasks.length);
      const seconds = tasks.reduce((sum, task) => sum + secondsOf(task), 0);
      return atOnce > 1 && (pool !== undefined || seconds * (1 - 1 / atOnce) > startSeconds);
    },
    async drive(trial, tasks, onDone) {
      const plan: OpeningPlan = { backend, planning };
      pool ??= createWorkerPool(new URL("./worker.ts", import.meta.url), Math.min(size, tasks.length), plan);
      if (told === undefined || !isSame(trial, told)) pool.tell(trial);
      told = trial;
      const drives = pool.map(tasks, (_, task) => onDone(task));
      return interruptible((signal) => Promise.race([drives, untilStopped(signal, trial)]));
    },
  };
  const close = async (): Promise<void> => pool?.close();
  return work(crew).finally(close);
}

function secondsOf({ source, batch }: BatchTask): number {
  const isRule = ruleNamed(source) !== undefined;
  const kind = isRule ? "rule" : plannerNamed(source) === undefined ? "network" : "planner";
  return batch.starts.length * episodeSeconds[kind];
}

const isSame = (one: Trial, other: Trial): boolean =>
  (Object.keys(one) as (keyof Trial)[]).every((name) => one[name] === other[name]);

const untilStopped = (signal: AbortSignal, { recording }: Trial): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () =>
      reject(new Interrupted(`The evaluation on ${recording.name} was stopped before its end.`)),
    );
  });

import { Interrupted } from "./errors.ts";
import { interruptible } from "./interrupt.ts";
import type { BackendChoice } from "./options.ts";
import { createWorkerPool, type WorkerPool } from "./worker-pool.ts";

export interface CrewOptions {
  /** What each thread runs: it calls `answerTasks`. */
  readonly module: URL;
  /** What each thread is given at its start. */
  readonly workerData: unknown;
  /** What a thread costs until it works as fast as this one [s of a core]. */
  readonly startSeconds: number;
  readonly workers: number;
  readonly backend: BackendChoice;
}

/** Threads with tensors; they start when there is work that is worth it, and stay for what comes after. */
export interface Crew<Task, Result, News = never> {
  /** Whether so many tasks, which take so long in all [s of a core], are done sooner with threads than without. */
  isWorth(tasks: number, seconds: number): boolean;
  /**
   * What came of the tasks, in their order.
   * @throws the first error of a task, or Interrupted
   */
  work(tasks: readonly Task[], how: CrewWork<Task, Result, News>): Promise<Result[]>;
}

export interface CrewWork<Task, Result, News> {
  /** The sentence for who stops it. */
  readonly stopped: string;
  /** What every thread has to know first. */
  readonly news?: News;
  onDone(task: Task, result: Result): void;
}

/** Lends a crew to `use`; however that ends, no thread is left. */
export function withCrew<Task, Result, News, Outcome>(
  { module, workerData, startSeconds, workers, backend }: CrewOptions,
  use: (crew: Crew<Task, Result, News>) => Promise<Outcome>,
): Promise<Outcome> {
  // There is one graphics card, however many cores ask it.
  const size = backend === "webgpu" ? 1 : workers;
  let pool: WorkerPool<Task, Result, News> | undefined;
  const crew: Crew<Task, Result, News> = {
    isWorth(tasks, seconds) {
      const atOnce = Math.min(size, tasks);
      return atOnce > 1 && (pool !== undefined || seconds * (1 - 1 / atOnce) > startSeconds);
    },
    async work(tasks, { stopped, news, onDone }) {
      pool ??= createWorkerPool(module, Math.min(size, tasks.length), workerData);
      if (news !== undefined) pool.tell(news);
      const results = pool.map(tasks, (_, task, result) => onDone(task, result));
      return interruptible((signal) => Promise.race([results, untilAborted(signal, stopped)]));
    },
  };
  const close = async (): Promise<void> => pool?.close();
  return use(crew).finally(close);
}

const untilAborted = (signal: AbortSignal, stopped: string): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Interrupted(stopped)));
  });

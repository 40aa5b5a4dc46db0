import { parentPort, type Worker } from "node:worker_threads";
import { InputError } from "../core/index.ts";
import { WorkError } from "./errors.ts";
import { startWorker } from "./typescript-worker.ts";

type Answer<Result> =
  { readonly result: Result } | { readonly error: { readonly name: string; readonly message: string } };

type Message<Task, News> = { readonly task: Task } | { readonly news: News };

/** Threads that each do one task after the other; which thread did which task changes nothing. */
export interface WorkerPool<Task, Result, News = never> {
  /** Lets every thread know before its next task. */
  tell(news: News): void;
  /** The results in the order of the tasks. @throws what a task threw. */
  map(tasks: readonly Task[], onDone?: (done: number, task: Task, result: Result) => void): Promise<Result[]>;
  close(): Promise<void>;
}

/** Starts `size` threads on a module that calls `answerTasks`; `workerData` goes to each of them. */
export function createWorkerPool<Task, Result, News = never>(
  module: URL,
  size: number,
  workerData: unknown,
): WorkerPool<Task, Result, News> {
  const workers = Array.from({ length: size }, () => startWorker(module, { workerData }));
  return {
    tell(news) {
      for (const worker of workers) send<Task, News>(worker, { news });
    },
    async map(tasks, onDone) {
      const results: Result[] = [];
      let next = 0;
      let done = 0;
      await Promise.all(
        workers.map(async (worker) => {
          while (next < tasks.length) {
            const index = next++;
            const result = await ask<Task, Result>(worker, tasks[index]);
            results[index] = result;
            onDone?.(++done, tasks[index], result);
          }
        }),
      );
      return results;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

const send = <Task, News>(worker: Worker, message: Message<Task, News>): void => worker.postMessage(message);

async function ask<Task, Result>(worker: Worker, task: Task): Promise<Result> {
  const answer = await new Promise<Answer<Result>>((resolve, reject) => {
    worker.once("message", (message: Answer<Result>) => {
      worker.off("error", reject);
      resolve(message);
    });
    worker.once("error", reject);
    send<Task, never>(worker, { task });
  });
  if ("result" in answer) return answer.result;
  const { name, message } = answer.error;
  throw name === "InputError" ? new InputError(message) : new WorkError(message);
}

/**
 * For a worker's module: does every task that comes.
 * @param hear takes what the pool tells
 */
export function answerTasks<Task, Result, News = never>(
  work: (task: Task) => Result | Promise<Result>,
  hear: (news: News) => void = () => undefined,
): void {
  const port = parentPort!;
  const answer = async (task: Task): Promise<Answer<Result>> => {
    try {
      return { result: await work(task) };
    } catch (error) {
      const { name, message } = error as Error;
      return { error: { name, message } };
    }
  };
  port.on("message", (message: Message<Task, News>) => {
    if ("news" in message) hear(message.news);
    else void answer(message.task).then((answered) => port.postMessage(answered));
  });
}

import { parentPort, type Worker } from "node:worker_threads";
import { InputError } from "../core/index.ts";
import { WorkError } from "./errors.ts";
import { startWorker } from "./typescript-worker.ts";

type Answer<Result> =
  { readonly result: Result } | { readonly error: { readonly name: string; readonly message: string } };

/** Threads that each do one task after the other; which thread did which task changes nothing. */
export interface WorkerPool<Task, Result> {
  /** The results in the order of the tasks. @throws what a task threw. */
  map(tasks: readonly Task[], onDone?: (done: number) => void): Promise<Result[]>;
  close(): Promise<void>;
}

/** Starts `size` threads on a module that calls `answerTasks`; `workerData` goes to each of them. */
export function createWorkerPool<Task, Result>(
  module: URL,
  size: number,
  workerData: unknown,
): WorkerPool<Task, Result> {
  const workers = Array.from({ length: size }, () => startWorker(module, { workerData }));
  return {
    async map(tasks, onDone) {
      const results: Result[] = [];
      let next = 0;
      let done = 0;
      await Promise.all(
        workers.map(async (worker) => {
          while (next < tasks.length) {
            const index = next++;
            results[index] = await ask<Task, Result>(worker, tasks[index]);
            onDone?.(++done);
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

async function ask<Task, Result>(worker: Worker, task: Task): Promise<Result> {
  const answer = await new Promise<Answer<Result>>((resolve, reject) => {
    worker.once("message", (message: Answer<Result>) => {
      worker.off("error", reject);
      resolve(message);
    });
    worker.once("error", reject);
    worker.postMessage(task);
  });
  if ("result" in answer) return answer.result;
  const { name, message } = answer.error;
  throw name === "InputError" ? new InputError(message) : new WorkError(message);
}

/** For a worker's module: does every task that comes. */
export function answerTasks<Task, Result>(work: (task: Task) => Result): void {
  const port = parentPort!;
  port.on("message", (task: Task) => {
    let answer: Answer<Result>;
    try {
      answer = { result: work(task) };
    } catch (error) {
      const { name, message } = error as Error;
      answer = { error: { name, message } };
    }
    port.postMessage(answer);
  });
}

import type { Worker } from "node:worker_threads";
import { InputError } from "../../core/index.ts";
import { CrewAborted, sharedBytes, type BackendName } from "../../tensor/index.ts";
import { WorkError } from "../errors.ts";
import { lockFolder } from "../lock.ts";
import { openRunFolder } from "../run-folder.ts";
import { startWorker } from "../typescript-worker.ts";
import type { LoopReport, LoopResult } from "./loop.ts";
import type { TrainingJob, WorkerMessage, WorkerPlan } from "./worker.ts";

export interface TrainingOptions {
  readonly job: TrainingJob;
  readonly seed: number;
  readonly backend: BackendName | "auto";
  readonly workers: number;
  readonly recordings: WorkerPlan["recordings"];
  /** The run folder and the settings with which it is opened. */
  readonly runPath: string;
  readonly settings: object;
  /** File name of the result inside the run folder. */
  readonly artifact: string;
  readonly signal: AbortSignal;
  onReport(report: LoopReport): void;
}

export interface TrainingResult extends LoopResult {
  readonly backend: BackendName;
  /** How many trained. */
  readonly workers: number;
  /** Of this call, without start-up. */
  readonly secondsPerUpdate: number;
}

/**
 * Trains with a crew of workers, one tensor backend each; the same call resumes what was stopped.
 * @throws InputError or WorkError with the sentence of the first worker that failed
 */
export async function runTraining(options: TrainingOptions): Promise<TrainingResult> {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const onAbort = (): void => void Atomics.store(stop, 0, 1);
  if (options.signal.aborted) onAbort();
  options.signal.addEventListener("abort", onAbort);
  const size = crewSize(options.job, options.workers);
  const workers = Array.from({ length: size }, (_, rank) => {
    const plan: WorkerPlan = {
      job: options.job,
      seed: options.seed,
      backend: options.backend,
      recordings: options.recordings,
      runPath: options.runPath,
      settings: options.settings,
      artifact: options.artifact,
      crew: { rank, size, stop },
    };
    return startWorker(new URL("./worker.ts", import.meta.url), { workerData: plan });
  });
  try {
    return await follow(workers, options);
  } finally {
    options.signal.removeEventListener("abort", onAbort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** As many workers as asked for, but no more than share the batch evenly. */
export function crewSize(job: TrainingJob, workers: number): number {
  const { batchSize } = job.config.training;
  const validation = job.kind === "model" ? job.config.training.validationWindows : batchSize;
  for (let size = Math.min(workers, batchSize); size > 1; size--) {
    if (batchSize % size === 0 && validation % size === 0) return size;
  }
  return 1;
}

function follow(workers: readonly Worker[], options: TrainingOptions): Promise<TrainingResult> {
  return new Promise((resolve, reject) => {
    let ready = 0;
    let done = 0;
    let backend: BackendName = "cpu";
    let result: LoopResult | undefined;
    let begun = 0;
    let updates = 0;
    const receive = (message: WorkerMessage, rank: number): void => {
      switch (message.kind) {
        case "ready": {
          backend = message.backend;
          if (++ready < workers.length) return;
          // Not before: what a worker refuses leaves no run behind.
          openRunFolder(options.runPath, options.settings);
          lockFolder(options.runPath);
          const shared = workers.length > 1 ? new SharedArrayBuffer(sharedBytes(message.shape)) : undefined;
          begun = performance.now();
          for (const worker of workers) worker.postMessage(shared);
          return;
        }
        case "report":
          updates++;
          options.onReport(message);
          return;
        case "done":
          if (rank === 0) result = message.result;
          if (++done < workers.length) return;
          resolve({
            ...result!,
            backend,
            workers: workers.length,
            secondsPerUpdate: updates > 0 ? (performance.now() - begun) / 1000 / updates : 0,
          });
          return;
        case "failed":
          // Whoever made the others stop tells why; which message comes first is chance.
          if (message.name === CrewAborted.name) return;
          reject(
            message.name === "InputError"
              ? new InputError(message.message)
              : new WorkError(`Training stopped: ${message.message}`),
          );
      }
    };
    workers.forEach((worker, rank) => {
      worker.on("message", (message: WorkerMessage) => {
        try {
          receive(message, rank);
        } catch (error) {
          reject(error as Error);
        }
      });
      worker.on("error", (error) => reject(new WorkError(`Training stopped: ${String(error)}`)));
    });
  });
}

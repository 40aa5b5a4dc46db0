import { workerData } from "node:worker_threads";
import type { Driver } from "../../sim/index.ts";
import { openDriver } from "../drivers.ts";
import type { BackendChoice } from "../options.ts";
import type { PlanningConfig } from "../planners.ts";
import { answerTasks } from "../worker-pool.ts";
import { type BatchTask, createBatchRunner, type Drive, type Trial } from "./trial.ts";

/** How a thread opens drivers. */
export interface OpeningPlan {
  readonly backend: BackendChoice;
  readonly planning: PlanningConfig;
}

const { backend, planning } = workerData as OpeningPlan;
const drivers = new Map<string, Promise<Driver>>();
let run: ReturnType<typeof createBatchRunner>;

answerTasks<BatchTask, Drive, Trial>(
  async (task) => {
    const driver = drivers.get(task.source) ?? openDriver(task.source, backend, planning);
    drivers.set(task.source, driver);
    return run(await driver, task);
  },
  (trial) => {
    run = createBatchRunner(trial);
  },
);

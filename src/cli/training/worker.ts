import { parentPort, workerData } from "node:worker_threads";
import { decodeRecording } from "../../episodes/index.ts";
import { loadForwardModel, type ForwardModelConfig } from "../../forward-model/index.ts";
import { loadPolicy, type PolicyConfig, type PolicyMethodName } from "../../policy/index.ts";
import { abortCrew, type BackendName, type CrewShape } from "../../tensor/index.ts";
import { startBackend } from "../backend.ts";
import { readFile } from "../files.ts";
import { openRunFolder } from "../run-folder.ts";
import { crewShape, trainLoop, type Crew, type LoopReport, type LoopResult } from "./loop.ts";
import { createModelTask, type TrainingData } from "./model-task.ts";
import { createPolicyTask } from "./policy-task.ts";
import type { TrainingTask } from "./task.ts";

/** What is to be trained, in plain data that travels to a worker. */
export type TrainingJob =
  | {
      readonly kind: "model";
      readonly config: ForwardModelConfig;
      /** File of a model to start from, or null. */
      readonly from: string | null;
    }
  | {
      readonly kind: "policy";
      readonly method: PolicyMethodName;
      readonly config: PolicyConfig;
      /** The forward model's file; imitation and log-replay use its view only. */
      readonly modelPath: string;
      /** File of a policy to start from, or null. */
      readonly from: string | null;
    };

export interface WorkerPlan {
  readonly job: TrainingJob;
  readonly seed: number;
  readonly backend: BackendName | "auto";
  readonly recordings: readonly { readonly path: string; readonly weight: number }[];
  readonly runPath: string;
  /** The settings with which the run folder began. */
  readonly settings: object;
  readonly artifact: string;
  readonly crew: Omit<Crew, "shared">;
}

export type WorkerMessage =
  | { readonly kind: "ready"; readonly shape: CrewShape; readonly backend: BackendName }
  | ({ readonly kind: "report" } & LoopReport)
  | { readonly kind: "done"; readonly result: LoopResult }
  | { readonly kind: "failed"; readonly name: string; readonly message: string };

const plan = workerData as WorkerPlan;
const port = parentPort!;
const send = (message: WorkerMessage): void => port.postMessage(message);

function createTask(): TrainingTask {
  const data: TrainingData[] = plan.recordings.map(({ path, weight }) => ({
    recording: decodeRecording(readFile(path, "a recording"), path),
    weight,
  }));
  const { job, seed } = plan;
  const { rank, size } = plan.crew;
  const { from } = job;
  if (job.kind === "model") {
    const teacher =
      from === null
        ? null
        : { teacher: loadForwardModel(readFile(from, "a forward model"), from), where: from };
    const task = createModelTask(job.config, teacher, seed, data, rank, size);
    teacher?.teacher.dispose();
    return task;
  }
  const model = loadForwardModel(readFile(job.modelPath, "a forward model"), job.modelPath);
  const teacher =
    from === null ? null : { teacher: loadPolicy(readFile(from, "a trained policy"), from), where: from };
  const { method, config } = job;
  const task = createPolicyTask({ method, config, model, from: teacher, seed, data, rank, size });
  teacher?.teacher.network.parameters.dispose();
  return task;
}

let shared: SharedArrayBuffer | undefined;
try {
  const backend = await startBackend(plan.backend, plan.crew.rank === 0 ? undefined : () => undefined);
  const task = createTask();
  send({ kind: "ready", shape: crewShape(task, plan.crew.size), backend });
  shared = await new Promise<SharedArrayBuffer | undefined>((resolve) => port.once("message", resolve));
  const run = openRunFolder(plan.runPath, plan.settings);
  const result = trainLoop(task, { ...plan.crew, shared }, run, plan.artifact, (report) =>
    send({ kind: "report", ...report }),
  );
  task.dispose();
  send({ kind: "done", result });
} catch (error) {
  const { name, message } = error as Error;
  // First the reason, then the end: else another worker may be heard first, which only knows that somebody failed.
  send({ kind: "failed", name, message });
  if (shared !== undefined) abortCrew(shared);
}

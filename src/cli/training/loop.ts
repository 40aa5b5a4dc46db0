import { existsSync } from "node:fs";
import { clipGradient, createAdam, createAllReduce } from "../../tensor/index.ts";
import { readFile, writeFileAtomically } from "../files.ts";
import type { MetricsLine, RunFolder } from "../run-folder.ts";
import { encodeTrainingState, restoreTrainingState, type TrainingState } from "./state.ts";
import type { TrainingTask } from "./task.ts";

/** How a worker takes part: its rank among `size`, and what they share. */
export interface Crew {
  readonly rank: number;
  readonly size: number;
  /** For the all-reduce; undefined for a crew of one. */
  readonly shared: SharedArrayBuffer | undefined;
  /** Set to 1 by whoever wants the training to stop after the update in hand. */
  readonly stop: Int32Array;
}

export interface LoopReport {
  readonly update: number;
  readonly metrics: MetricsLine;
}

export interface LoopResult {
  readonly update: number;
  readonly finished: boolean;
  readonly metrics: MetricsLine;
}

/** Numbers that travel through the all-reduce beside the gradient. */
export function sharedLength(task: TrainingTask): number {
  return task.parameters.size + Math.max(task.reportNames.length, task.validationNames.length) + 1;
}

const stateFile = "state.headway";

/**
 * Trains until the last update or a stop, the same code in every worker: each computes its share of the gradient,
 * all take the same step. The first worker alone writes files and reports.
 * @param artifact file name, inside the run folder, of what the training is for
 */
export function trainLoop(
  task: TrainingTask,
  crew: Crew,
  run: RunFolder,
  artifact: string,
  onReport: (report: LoopReport) => void,
): LoopResult {
  const { size } = task.parameters;
  const length = sharedLength(task);
  const allReduce = createAllReduce(crew.shared, crew.rank, crew.size, length);
  const exchange = new Float32Array(length);
  const gradient = exchange.subarray(0, size);
  const adam = createAdam(size, { learningRate: 1e-3 });
  const values = task.parameters.read();
  const state: TrainingState = {
    update: 0,
    skippedUpdates: 0,
    bestScore: null,
    bestUpdate: 0,
    values,
    average: values.slice(),
    best: values.slice(),
  };
  const statePath = run.checkpoint(stateFile);
  if (existsSync(statePath)) {
    restoreTrainingState(readFile(statePath, "a training state"), statePath, state, adam);
    task.parameters.write(values);
  }
  if (crew.rank === 0) run.rewind(state.update);

  /** Averages named numbers over the crew, and tells whether somebody wants to stop. */
  const average = (numbers: readonly number[]): { numbers: number[]; stop: boolean } => {
    exchange.set(numbers, size);
    exchange[length - 1] = Atomics.load(crew.stop, 0);
    allReduce(exchange);
    return {
      numbers: Array.from(exchange.subarray(size, size + numbers.length)),
      stop: exchange[length - 1]! > 0,
    };
  };

  const begun = performance.now();
  const secondsBefore = run.seconds;
  let validation: Record<string, number> = {};
  let metrics: MetricsLine = { update: state.update };
  let stopped = false;
  while (state.update < task.updates && !stopped) {
    const report = average(task.gradient(state.update, gradient));
    stopped = report.stop;
    const norm = clipGradient(gradient, task.gradientClip);
    if (Number.isFinite(norm)) {
      adam.step(values, gradient, task.learningRate(state.update));
      task.parameters.write(values);
      blend(state.average, values, decayAt(task.averaging, state.update));
    } else {
      state.skippedUpdates++;
    }
    state.update++;
    metrics = {
      update: state.update,
      ...named(task.reportNames, report.numbers),
      gradientNorm: norm,
      skippedUpdates: state.skippedUpdates,
    };
    const due = state.update % task.checkpointUpdates === 0 || state.update === task.updates;
    if (due) {
      task.parameters.write(state.average);
      const { numbers } = average(task.validate());
      task.parameters.write(values);
      validation = named(task.validationNames, numbers);
      const score = task.score(numbers);
      if (score === null || state.bestScore === null || score >= state.bestScore) {
        state.bestScore = score;
        state.bestUpdate = state.update;
        state.best.set(state.average);
      }
      metrics = { ...metrics, ...validation };
    }
    if (crew.rank === 0) {
      run.log(metrics);
      if (due || stopped) {
        // The state last: a training killed in between does the interval again and writes both.
        task.parameters.write(state.best);
        writeFileAtomically(`${run.path}/${artifact}`, task.encode());
        task.parameters.write(values);
        writeFileAtomically(statePath, encodeTrainingState(state, adam));
        run.keepSeconds(secondsBefore + (performance.now() - begun) / 1000);
      }
      onReport({ update: state.update, metrics });
    }
  }
  return {
    update: state.update,
    finished: state.update >= task.updates,
    metrics: { ...metrics, ...validation },
  };
}

/** A mean over few updates is to forget where it began: the decay rises to its value. */
function decayAt(decay: number, update: number): number {
  return Math.min(decay, (update + 1) / (update + 10));
}

/** mean ← decay · mean + (1 − decay) · values */
function blend(mean: Float32Array, values: Float32Array, decay: number): void {
  for (let i = 0; i < mean.length; i++) mean[i] = decay * mean[i]! + (1 - decay) * values[i]!;
}

function named(names: readonly string[], numbers: readonly number[]): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, numbers[i]!]));
}

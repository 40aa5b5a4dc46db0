import { existsSync } from "node:fs";
import { joinCrew, type CrewShape } from "../../tensor/index.ts";
import { readFile, writeFileAtomically } from "../files.ts";
import type { MetricsLine, RunFolder } from "../run-folder.ts";
import { encodeTrainingState, restoreTrainingState, type TrainingState } from "./state.ts";
import type { TrainingTask } from "./task.ts";

/** How a worker takes part: its rank among `size`, and what they share. */
export interface Crew {
  readonly rank: number;
  readonly size: number;
  /** Parameters, gradients and moments (see data-parallel.ts); undefined for a crew of one. */
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
  /** The last ones, of this call or of earlier ones; of validations the last that there was. */
  readonly metrics: MetricsLine;
}

/** What `size` workers on `task` share. */
export function crewShape(task: TrainingTask, size: number): CrewShape {
  const numbers = Math.max(task.reportNames.length, task.validationNames.length) + 1;
  return { size, parameters: task.parameters.size, numbers };
}

const stateFile = "state.headway";

/**
 * Trains until the last update or a stop, the same code in every worker: each computes its share of the gradient,
 * all take the same step. The first worker alone writes files and reports.
 * @param artifact file name, inside the run folder, of what the training is for; not there before the first validation
 */
export function trainLoop(
  task: TrainingTask,
  crew: Crew,
  run: RunFolder,
  artifact: string,
  onReport: (report: LoopReport) => void,
): LoopResult {
  const member = joinCrew(crew.shared, crew.rank, crewShape(task, crew.size));
  const { values, moments } = member;
  const state: TrainingState = { update: 0, skippedUpdates: 0, bestScore: null, bestUpdate: 0 };
  if (crew.rank === 0) task.parameters.read(values);
  const best = crew.rank === 0 ? task.parameters.read() : null;
  /** The running mean of the parameters, each worker's own; null where none is asked for. */
  const mean = task.averaging > 0 ? task.parameters.read() : null;
  /** What is validated, and kept where it is the best. */
  const candidate = mean ?? values;
  const means = mean === null ? [] : [mean];
  const statePath = run.checkpoint(stateFile);
  if (existsSync(statePath)) {
    // The first worker reads for all what is shared.
    const arrays = best === null ? [null, null, null, null] : [values, best, moments.m, moments.v];
    const bytes = readFile(statePath, "a training state");
    restoreTrainingState(bytes, statePath, state, moments, [...arrays, ...means]);
    member.average([]);
    task.parameters.write(values);
  }
  const earlier = crew.rank === 0 ? run.rewind(state.update) : [];

  /** Averages named numbers over the crew, and tells whether somebody wants to stop. */
  const average = (numbers: readonly number[]): { numbers: number[]; stop: boolean } => {
    const means = member.average([...numbers, Atomics.load(crew.stop, 0)]);
    return { numbers: means.slice(0, -1), stop: means.at(-1)! > 0 };
  };

  const begun = performance.now();
  const secondsBefore = run.seconds;
  let validated = earlier.findLast((line) => task.validationNames.every((name) => name in line));
  let metrics = earlier.at(-1) ?? { update: state.update };
  let stopped = false;
  while (state.update < task.updates && !stopped) {
    const report = average(task.gradient(state.update, member.gradient));
    stopped = report.stop;
    const norm = member.step(task.learningRate(state.update), task.gradientClip);
    if (Number.isFinite(norm)) {
      task.parameters.write(values);
      if (mean !== null) blend(mean, values, decayAt(task.averaging, state.update));
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
      if (mean !== null) task.parameters.write(mean);
      const { numbers } = average(task.validate());
      if (mean !== null) task.parameters.write(values);
      const score = task.score(numbers);
      if (score === null || state.bestScore === null || score >= state.bestScore) {
        state.bestScore = score;
        state.bestUpdate = state.update;
        best?.set(candidate);
      }
      metrics = { ...metrics, ...named(task.validationNames, numbers) };
      validated = metrics;
    }
    if (best !== null) {
      run.log(metrics);
      if (due || stopped) {
        // The state last: a training killed in between does the interval again and writes both.
        if (state.bestUpdate > 0) {
          task.parameters.write(best);
          writeFileAtomically(`${run.path}/${artifact}`, task.encode());
          task.parameters.write(values);
        }
        const arrays = [values, best, moments.m, moments.v, ...means];
        writeFileAtomically(statePath, encodeTrainingState(state, moments, arrays));
        run.keepSeconds(secondsBefore + (performance.now() - begun) / 1000);
      }
      onReport({ update: state.update, metrics });
    }
  }
  return {
    update: state.update,
    finished: state.update >= task.updates,
    metrics: { ...validated, ...metrics },
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

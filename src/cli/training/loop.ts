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
 * @param artifact file name, inside the run folder, of what the training is for
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
  /** Parameters, the best ones so far, and moments: what the first worker writes and reads for all. */
  const arrays = crew.rank === 0 ? [task.parameters.read(values), values.slice(), moments.m, moments.v] : [];
  const best = arrays[1] ?? null;
  const statePath = run.checkpoint(stateFile);
  if (existsSync(statePath)) {
    restoreTrainingState(readFile(statePath, "a training state"), statePath, state, moments, arrays);
    member.average([]);
    task.parameters.write(values);
  }
  if (crew.rank === 0) run.rewind(state.update);

  /** Averages named numbers over the crew, and tells whether somebody wants to stop. */
  const average = (numbers: readonly number[]): { numbers: number[]; stop: boolean } => {
    const means = member.average([...numbers, Atomics.load(crew.stop, 0)]);
    return { numbers: means.slice(0, -1), stop: means.at(-1)! > 0 };
  };

  const begun = performance.now();
  const secondsBefore = run.seconds;
  let validation: Record<string, number> = {};
  let metrics: MetricsLine = { update: state.update };
  let stopped = false;
  while (state.update < task.updates && !stopped) {
    const report = average(task.gradient(state.update, member.gradient));
    stopped = report.stop;
    const norm = member.step(task.learningRate(state.update), task.gradientClip);
    if (Number.isFinite(norm)) task.parameters.write(values);
    else state.skippedUpdates++;
    state.update++;
    metrics = {
      update: state.update,
      ...named(task.reportNames, report.numbers),
      gradientNorm: norm,
      skippedUpdates: state.skippedUpdates,
    };
    const due = state.update % task.checkpointUpdates === 0 || state.update === task.updates;
    if (due) {
      const { numbers } = average(task.validate());
      validation = named(task.validationNames, numbers);
      const score = task.score(numbers);
      if (score === null || state.bestScore === null || score >= state.bestScore) {
        state.bestScore = score;
        state.bestUpdate = state.update;
        best?.set(values);
      }
      metrics = { ...metrics, ...validation };
    }
    if (best !== null) {
      run.log(metrics);
      if (due || stopped) {
        // The state last: a training killed in between does the interval again and writes both.
        task.parameters.write(best);
        writeFileAtomically(`${run.path}/${artifact}`, task.encode());
        task.parameters.write(values);
        writeFileAtomically(statePath, encodeTrainingState(state, moments, arrays));
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

function named(names: readonly string[], numbers: readonly number[]): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, numbers[i]!]));
}

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { configurationOf } from "../../src/cli/configuration.ts";
import { openRunFolder } from "../../src/cli/run-folder.ts";
import { trainLoop, type LoopResult } from "../../src/cli/training/loop.ts";
import { crewSize } from "../../src/cli/training/run-training.ts";
import type { TrainingTask } from "../../src/cli/training/task.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headway-loop-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Two numbers that go down a valley, validated at updates 3 and 6. */
function valley(): TrainingTask {
  const numbers = Float32Array.of(4, -3);
  return {
    parameters: {
      variables: {},
      size: 2,
      read: (into = new Float32Array(2)) => (into.set(numbers), into),
      write: (flat) => numbers.set(flat),
      dispose: () => undefined,
    },
    updates: 6,
    checkpointUpdates: 3,
    gradientClip: 10,
    averaging: 0.5,
    reportNames: ["total"],
    validationNames: ["validationSuccess"],
    learningRate: () => 0.1,
    gradient(_, into) {
      into.set(numbers);
      return [numbers[0]! ** 2 + numbers[1]! ** 2];
    },
    validate: () => [-Math.abs(numbers[0]!)],
    score: ([success]) => success!,
    encode: () => new Uint8Array(numbers.slice().buffer),
    dispose: () => undefined,
  };
}

const artifactOf = (name: string): string => join(folder, name, "artifact");

function train(name: string, stopAfter = Infinity): LoopResult {
  const stop = new Int32Array(1);
  const crew = { rank: 0, size: 1, shared: undefined, stop };
  const run = openRunFolder(join(folder, name), { seed: 1 });
  return trainLoop(valley(), crew, run, "artifact", ({ update }) => {
    if (update >= stopAfter - 1) stop[0] = 1;
  });
}

test("a training stopped before its first validation leaves a state and no result, and resumes to the same bits", () => {
  const whole = train("whole");
  expect(train("stopped", 2)).toMatchObject({ update: 2, finished: false });
  expect(existsSync(artifactOf("stopped"))).toBe(false);
  expect(train("stopped", 5)).toMatchObject({ update: 5, finished: false });
  expect(existsSync(artifactOf("stopped"))).toBe(true);
  expect(train("stopped")).toEqual(whole);
  for (const file of ["artifact", "metrics.jsonl", "checkpoint/state.headway"]) {
    expect(readFileSync(join(folder, "stopped", file))).toEqual(readFileSync(join(folder, "whole", file)));
  }
});

test("a training that is finished already tells its last numbers again", () => {
  const first = train("whole");
  expect(first.metrics).toMatchObject({ update: 6, total: expect.any(Number) as number });
  expect(first.metrics).toHaveProperty("validationSuccess");
  expect(train("whole")).toEqual(first);
});

test("a crew is as large as asked for, but no larger than shares its windows evenly", () => {
  const config = configurationOf({
    json: true,
    preset: "laptop",
    set: ["policy.training.batchSize=8"],
  }).policy;
  const job = { kind: "policy", method: "mpur", config, modelPath: "", from: null } as const;
  expect([1, 2, 3, 5, 100].map((workers) => crewSize(job, workers))).toEqual([1, 2, 2, 4, 8]);
});

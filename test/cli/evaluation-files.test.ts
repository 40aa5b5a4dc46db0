import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeEvaluation } from "../../src/cli/evaluation-files.ts";
import { readRecording } from "../../src/cli/recordings.ts";
import { judge } from "../../src/cli/verdicts.ts";
import type { EpisodeResult, EvaluationRow, Trace } from "../../src/evaluation/index.ts";
import { createConstantDriver, createIdmDriver } from "../../src/sim/index.ts";

const folder = mkdtempSync(join(tmpdir(), "headway-evaluation-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("what evaluate keeps opens every episode at its end, step by step", async () => {
  const none = { name: "none", driver: createConstantDriver() };
  const byRule = { name: "./by rule", driver: createIdmDriver() };
  const verdicts = await judge({
    recording: readRecording("data/recordings/us101.recording"),
    split: "test",
    episodes: 20,
    seed: 1,
    drivers: [none, byRule],
    trace: true,
    rescuer: byRule,
  });
  const file = writeEvaluation(folder, 1, verdicts);
  const kept = JSON.parse(readFileSync(file, "utf8")) as {
    readonly rows: readonly EvaluationRow[];
    readonly traces: readonly string[];
    readonly episodes: readonly (readonly (EpisodeResult & { avoidable: boolean | null })[])[];
  };
  expect(kept.rows).toEqual(verdicts.map(({ row }) => row));
  expect(kept.traces).toEqual(["traces/1-none-us101-replay.jsonl", "traces/2-_by_rule-us101-replay.jsonl"]);
  kept.traces.forEach((name, i) => {
    const lines = readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
    expect(lines.length).toBe(20);
    lines.forEach((line, j) => {
      const trace = JSON.parse(line) as Trace;
      const { start, frames, distance } = kept.episodes[i][j];
      expect(trace.x.length).toBe(frames + 1);
      expect(trace.gap.length).toBe(frames);
      expect(trace.x[frames] - start.startX).toBeCloseTo(distance, 4);
    });
  });
  const failed = kept.episodes[0].filter(({ cause }) => cause !== "finished" && cause !== "timeout");
  expect(failed.length).toBeGreaterThan(3);
  expect(kept.rows[0].avoidable!.failures).toBe(failed.length);
  expect(kept.episodes[0].filter(({ avoidable }) => avoidable !== null)).toEqual(failed);
});

test("without traces the episodes are kept all the same, and no empty files beside them", async () => {
  const verdicts = await judge({
    recording: readRecording("data/recordings/us101.recording"),
    split: "test",
    episodes: 3,
    seed: 1,
    drivers: [{ name: "none", driver: createConstantDriver() }],
  });
  const plain = join(folder, "plain");
  const kept = JSON.parse(readFileSync(writeEvaluation(plain, 1, verdicts), "utf8")) as {
    readonly traces: readonly string[];
    readonly episodes: readonly (readonly EpisodeResult[])[];
  };
  expect(kept.traces).toEqual([]);
  expect(kept.episodes.map((episodes) => episodes.length)).toEqual([3]);
  expect(readdirSync(plain)).toEqual(["evaluation.json"]);
});

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { EpisodeResult, EvaluationRow, Trace } from "../../src/evaluation/index.ts";
import { headwayHere } from "./headway.ts";

const folder = mkdtempSync(join(tmpdir(), "headway-evaluate-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("what evaluate keeps opens every episode at its end, step by step", async () => {
  const { code, stdout } = await headwayHere(
    ...["evaluate", "--driver", "none", "idm", "--traffic", "us101", "--episodes", "12"],
    ...["--out", folder, "--json"],
  );
  expect(code).toBe(0);
  const kept = JSON.parse(readFileSync(join(folder, "evaluation.json"), "utf8")) as {
    readonly rows: readonly EvaluationRow[];
    readonly traces: readonly string[];
    readonly episodes: readonly (readonly EpisodeResult[])[];
  };
  expect(kept.rows).toEqual((JSON.parse(stdout) as { rows: unknown }).rows);
  expect(kept.traces).toEqual(["traces/1-none-us101-replay.jsonl", "traces/2-idm-us101-replay.jsonl"]);
  kept.traces.forEach((file, i) => {
    const lines = readFileSync(join(folder, file), "utf8").trimEnd().split("\n");
    expect(lines.length).toBe(12);
    lines.forEach((line, j) => {
      const trace = JSON.parse(line) as Trace;
      const { start, frames, distance } = kept.episodes[i][j];
      expect(trace.x.length).toBe(frames + 1);
      expect(trace.gap.length).toBe(frames);
      expect(trace.x[frames] - start.startX).toBeCloseTo(distance, 4);
    });
  });
});

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { costNames } from "../src/policy/index.ts";
import { headway, projectRoot, type Ran } from "./cli/headway.ts";

const updates = 24;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headway-end-to-end-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (...names: string[]): string => join(folder, ...names);

/** The one JSON object on stdout of a command that succeeded. */
function resultOf({ code, stdout, stderr }: Ran): Record<string, unknown> {
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  expect(stdout.trim().split("\n")).toHaveLength(1);
  return JSON.parse(stdout) as Record<string, unknown>;
}

function trainModelInto(run: string): string[] {
  const update = `forwardModel.training.updates=${updates}`;
  return [
    "train",
    "model",
    "--preset",
    "debug",
    "--set",
    update,
    "--data",
    at("traffic"),
    "--run",
    run,
    "--json",
  ];
}

const loggedUpdates = (run: string): number =>
  existsSync(join(run, "metrics.jsonl"))
    ? readFileSync(join(run, "metrics.jsonl"), "utf8").split("\n").length - 1
    : 0;

/** Starts a command and sends it a signal once its run has logged so many updates; returns how it ended. */
async function signalMidway(
  signal: "SIGKILL" | "SIGINT",
  words: readonly string[],
  run: string,
  logged: number,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, ["bin/headway.js", ...words], {
    cwd: projectRoot,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  while (loggedUpdates(run) < logged && child.exitCode === null) await pause(10);
  if (child.exitCode !== null) throw new Error(`it ended by itself with code ${child.exitCode}: ${stderr}`);
  child.kill(signal);
  await gone;
  return { code: child.exitCode, stderr };
}

test("the whole line: record, train a model, be killed and interrupted, resume to the same bits, train a policy, evaluate", async () => {
  const recorded = resultOf(
    headway("record", "--preset", "debug", "--traffic", "free-flow", "--out", at("traffic"), "--json"),
  );
  expect(recorded["episodes"]).toBeGreaterThan(100);

  const whole = resultOf(headway(...trainModelInto(at("whole"))));
  expect(whole["updates"]).toBe(updates);
  expect(loggedUpdates(at("whole"))).toBe(updates);

  await signalMidway("SIGKILL", trainModelInto(at("killed")), at("killed"), 6);
  expect(loggedUpdates(at("killed"))).toBeGreaterThanOrEqual(6);
  expect(loggedUpdates(at("killed"))).toBeLessThan(updates);
  const stopped = await signalMidway("SIGINT", trainModelInto(at("killed")), at("killed"), 10);
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toMatch(/Stopped and saved after update \d+ of 24 in .*; the same command goes on/);
  const resumed = resultOf(headway(...trainModelInto(at("killed"))));
  expect(resumed["updates"]).toBe(updates);
  for (const file of ["forward-model.headway", "checkpoint/state.headway", "metrics.jsonl"]) {
    expect(readFileSync(at("killed", file)).equals(readFileSync(at("whole", file))), file).toBe(true);
  }

  const policy = resultOf(
    headway(
      ...["train", "policy", "--preset", "debug", "--model", at("whole", "forward-model.headway")],
      ...["--data", at("traffic"), "--run", at("policy"), "--json"],
    ),
  );
  expect(Object.keys(policy["costs"] as object)).toEqual([...costNames]);

  const evaluation = resultOf(
    headway(
      ...["evaluate", "--preset", "debug", "--traffic", at("traffic", "free-flow.recording")],
      ...["--driver", "human", "none", at("policy", "policy.headway"), "--json"],
    ),
  );
  const rows = evaluation["rows"] as { driver: string; episodes: number; success: { rate: number } }[];
  expect(rows.map(({ driver }) => driver)).toEqual(["human", "none", at("policy", "policy.headway")]);
  expect(rows[0].success.rate).toBe(1);
  expect(rows.every(({ episodes }) => episodes === 4)).toBe(true);
}, 600_000);

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ArmRow } from "../../src/cli/comparison/rows.ts";
import { createRng, wilsonInterval } from "../../src/core/index.ts";
import { createPolicyNetwork, encodePolicy, PolicyConfig } from "../../src/policy/index.ts";
import { useWasm } from "../support/backend.ts";
import { headwayHere, type Ran } from "./headway.ts";

useWasm();

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);

/** The folder of a training that did `updates` of 6 updates. */
function writeRun(name: string, method: string, seed: number, updates: number, lane: number): void {
  const config = PolicyConfig.parse({
    channels: [4, 4, 8],
    hidden: 8,
    weights: { lane },
    training: { updates: 6 },
  });
  const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
  const network = createPolicyNetwork(config, view, createRng(`${name} ${seed}`));
  mkdirSync(at("runs", name), { recursive: true });
  writeFileSync(
    at("runs", name, "policy.headway"),
    encodePolicy({ name: method, config, view, network, calibration: null }),
  );
  network.parameters.dispose();
  const data = [{ path: at("runs", name, "traffic", "dense.recording"), weight: 1 }];
  const settings = { kind: "policy", method, seed, model: { path: "lab/model.headway", crc32: 7 }, data };
  writeFileSync(at("runs", name, "config.json"), JSON.stringify(settings));
  writeFileSync(at("runs", name, "metrics.jsonl"), `{"update":${updates}}\n`);
  if (updates === 6) writeFileSync(at("runs", name, "effort.json"), '{"seconds":90}');
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headway-compare-"));
  writeRun("mpur-1", "mpur", 1, 6, 1);
  writeRun("mpur-2", "mpur", 2, 6, 1);
  writeRun("mpur-lane", "mpur", 1, 6, 3);
  writeRun("svg-1", "svg", 1, 4, 1);
});
afterAll(() => rmSync(folder, { recursive: true }));

const compare = (...words: string[]): Promise<Ran> =>
  headwayHere("compare", "--traffic", "us101", "--episodes", "3", "--out", at("out"), "--json", ...words);
const rowsOf = ({ code, stdout, stderr }: Ran): ArmRow[] => {
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { rows: ArmRow[] }).rows;
};

test("seeds of one method are one line, other settings another, and what was driven is not driven again", async () => {
  const words = ["--runs", at("runs"), "--driver", "human", "--against", "human"];
  const first = await compare(...words);
  const rows = rowsOf(first);
  expect(rows.map(({ arm, runs }) => [arm, runs.map(({ seed }) => seed)])).toEqual([
    ["human", []],
    ["mpur, weights.lane 1", [1, 2]],
    ["mpur, weights.lane 3", [1]],
    ["svg", [1]],
  ]);
  const [human, mpur, , svg] = rows;
  expect(human!.drives[0]).toMatchObject({ traffic: "us101", mode: "replay", n: 3, rates: [1], gain: null });
  expect(mpur!.drives[0]!.rates).toHaveLength(2);
  expect(mpur!.drives[0]!.gain!.value).toBeCloseTo(mpur!.drives[0]!.success.rate - 1, 12);
  expect(mpur!.runs[0]).toMatchObject({ updates: 6, plannedUpdates: 6, minutes: 1.5, minutesKept: true });
  expect(svg!.runs[0]).toMatchObject({ updates: 4, plannedUpdates: 6, minutesKept: false });
  expect(human!.drives[0]!.atFault).toEqual(wilsonInterval(0, 3));
  const table = readFileSync(at("out", "comparison.md"), "utf8").trim().split("\n");
  expect(table).toHaveLength(6);
  expect(table[0]).toContain("us101: success % [95 %], n 3");
  expect(table.at(-1)).toContain("4 (unfinished)");

  const again = await compare(...words);
  expect(again.stderr.match(/done before/g)).toHaveLength(5);
  expect(again.stderr).not.toContain("evaluate on");
  expect(rowsOf(again)).toEqual(rows);
});

test("drivers alone are compared, without a training", async () => {
  const rows = rowsOf(await compare("--driver", "none", "human", "--against", "none"));
  expect(rows.map(({ arm, runs }) => [arm, runs])).toEqual([
    ["none", []],
    ["human", []],
  ]);
  expect(rows[1]!.drives[0]!.gain!.value).toBeCloseTo(1 - rows[0]!.drives[0]!.success.rate, 12);
});

test("a driver that nobody knows is refused before those named before it drive", async () => {
  const ran = await compare("--driver", "none", "nobody", "--out", at("refused"));
  expect(ran).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^expected a driver \(.*\) or the file of a trained policy, got nobody\.\n$/,
    ) as string,
  });
  expect(existsSync(at("refused"))).toBe(false);
});

test("what was driven under another seed is driven again, though the starts are the same", async () => {
  const words = [
    "--driver",
    "random",
    "--runs",
    at("runs", "svg-1"),
    "--episodes",
    "1000",
    "--mode",
    "reactive",
  ];
  await compare(...words);
  expect((await compare(...words)).stderr.match(/done before/g)).toHaveLength(2);
  expect((await compare(...words, "--seed", "2")).stderr).not.toContain("done before");
});

test("a name takes together what the user wants together", async () => {
  const rows = rowsOf(
    await compare("--driver", "none", "--runs", `all=${at("runs", "mpur-1")}`, `all=${at("runs", "svg-1")}`),
  );
  expect(rows.map(({ arm, runs }) => [arm, runs.length])).toEqual([
    ["none", 0],
    ["all", 2],
  ]);
});

test("a place without runs, a run named twice and an unknown reference are refused in one sentence", async () => {
  expect(await compare("--runs", at())).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("expected the folder of a policy's training") as string,
  });
  cpSync(at("runs", "svg-1"), at("copy"), { recursive: true });
  expect(await compare("--runs", at("runs"), at("copy"))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("expected different trainings, got the same policy in") as string,
  });
  expect(await compare("--runs", at("runs"), "--out", at("runs", "svg-1"))).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^--out: expected a folder of its own, got .*, which is that of a run\.$/m,
    ) as string,
  });
  expect(await compare("--runs", at("runs"), "--against", "cem")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--against: expected one of human; none; idm; mpur") as string,
  });
});

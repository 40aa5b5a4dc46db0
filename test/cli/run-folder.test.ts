import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InputError } from "../../src/core/index.ts";
import { lockFolder } from "../../src/cli/lock.ts";
import { openRunFolder, readMetrics } from "../../src/cli/run-folder.ts";

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "headway-run-")), "run");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

test("a run that is opened again with its own settings resumes", () => {
  expect(openRunFolder(folder, { seed: 1, model: { size: 4 } }).resumed).toBe(false);
  expect(openRunFolder(folder, { seed: 1, model: { size: 4 } }).resumed).toBe(true);
});

test("a run that is opened again with other settings is refused by the key that differs", () => {
  openRunFolder(folder, { seed: 1, model: { size: 4 } });
  expect(() => openRunFolder(folder, { seed: 1, model: { size: 8 } })).toThrow(InputError);
  expect(() => openRunFolder(folder, { seed: 1, model: { size: 8 } })).toThrow(/model\.size = 4, got 8/);
});

test("rewinding drops later lines and a half-written last one", () => {
  const run = openRunFolder(folder, { seed: 1 });
  for (const update of [10, 20, 30]) run.log({ update, loss: 1 / update });
  appendFileSync(join(folder, "metrics.jsonl"), '{"update":40,"lo');
  expect(readMetrics(folder).map((line) => line.update)).toEqual([10, 20, 30]);
  run.rewind(20);
  run.log({ update: 30, loss: 0.5 });
  expect(readMetrics(folder)).toEqual([
    { update: 10, loss: 0.1 },
    { update: 20, loss: 0.05 },
    { update: 30, loss: 0.5 },
  ]);
});

test("a folder in which another process works is refused; what a killed one left behind is not in the way", () => {
  const lock = join(folder, "lock");
  mkdirSync(folder);
  writeFileSync(lock, String(process.ppid));
  expect(() => lockFolder(folder)).toThrow(InputError);
  expect(() => lockFolder(folder)).toThrow(`in which nobody else works, but process ${process.ppid} does`);
  writeFileSync(lock, "999999999");
  lockFolder(folder);
  expect(readFileSync(lock, "utf8")).toBe(String(process.pid));
  lockFolder(folder);
});

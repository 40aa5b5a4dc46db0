import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSteps } from "../../src/cli/steps.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headway-steps-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a step that was interrupted is done again, one that was done is not", async () => {
  const first = openSteps(folder, () => undefined);
  await first.run("traffic", () => ["dense.recording"]);
  await expect(
    first.run("model", () => {
      throw new Error("stopped");
    }),
  ).rejects.toThrow("stopped");

  const notes: string[] = [];
  const second = openSteps(folder, (line) => notes.push(line));
  expect(await second.run("traffic", () => ["done twice"])).toEqual(["dense.recording"]);
  expect(await second.run("model", () => "trained")).toBe("trained");
  expect(notes).toEqual(["traffic: done before.", "model …"]);
  expect(second.seconds()).toBeGreaterThan(0);
});

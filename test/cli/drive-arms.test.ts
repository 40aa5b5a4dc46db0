import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { driveArms } from "../../src/cli/comparison/drive-arms.ts";
import type { ArmRow } from "../../src/cli/comparison/rows.ts";
import { Config } from "../../src/cli/configuration.ts";
import * as verdicts from "../../src/cli/verdicts.ts";

vi.mock("../../src/cli/verdicts.ts", { spy: true });

const out = mkdtempSync(join(tmpdir(), "headway-arms-"));
afterAll(() => rmSync(out, { recursive: true }));

const config = Config.parse({});
const compared = (...drivers: string[]): Promise<ArmRow[]> =>
  driveArms([], {
    ...{ config, out, drivers, generated: config.traffic, traffic: ["us101"], modes: ["replay"] },
    ...{ split: "validation", episodes: 3, backend: "wasm", workers: 1, note: () => undefined },
  });

test("who was driven before takes nothing away from whom a comparison was stopped in", async () => {
  await compared("none");
  const kept = join(out, "drives", "kept.drive");
  mkdirSync(join(out, "drives"));
  writeFileSync(kept, "a batch of the one that comes next");
  vi.mocked(verdicts.judge).mockRejectedValueOnce(new Error("stopped"));
  await expect(compared("none", "human")).rejects.toThrow("stopped");
  expect(existsSync(kept)).toBe(true);
  expect(await compared("none", "human")).toHaveLength(2);
  expect(existsSync(join(out, "drives"))).toBe(false);
});

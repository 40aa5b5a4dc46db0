import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createForwardModel, encodeForwardModel, ForwardModelConfig } from "../../src/forward-model/index.ts";
import { useWasm } from "../support/backend.ts";
import { headwayHere } from "./headway.ts";

useWasm();

let folder: string;
let checkpoint: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headway-check-up-"));
  checkpoint = join(folder, "model.headway");
  const config = ForwardModelConfig.parse({ stemChannels: 4, hiddenChannels: 8, latentSize: 2 });
  const model = createForwardModel(config, createRng("model"));
  writeFileSync(checkpoint, encodeForwardModel(model));
  model.dispose();
});
afterAll(() => rmSync(folder, { recursive: true }));

test("check-up prints one JSON object and keeps the same numbers beside a page", async () => {
  const out = join(folder, "out");
  const words = [
    "--data",
    "us101",
    "--windows",
    "2",
    "--samples",
    "2",
    "--masks",
    "2",
    "--out",
    out,
    "--json",
  ];
  const { code, stdout, stderr } = await headwayHere("check-up", checkpoint, ...words);
  expect(stderr).toContain("check-up.html");
  expect(code).toBe(0);
  expect(stdout.trim().split("\n")).toHaveLength(1);
  const result = JSON.parse(stdout) as {
    openLoop: object[];
    gradientAgreement: object[];
    warnings: string[];
  };
  expect(result).toMatchObject({ checkpoint, family: "separated", data: ["us101"], split: "validation" });
  expect(result.openLoop[0]).toMatchObject({ step: 1 });
  expect(Object.keys(result.openLoop[0]!)).toEqual(expect.arrayContaining(["step", "image", "state"]));
  expect(Object.keys(result.gradientAgreement[0]!)).toEqual(
    expect.arrayContaining(["seconds", "action", "correlation"]),
  );
  expect(result).toHaveProperty("calibration.spearman");
  expect(JSON.parse(readFileSync(join(out, "check-up.json"), "utf8"))).toEqual(result);
  expect(existsSync(join(out, "check-up.html"))).toBe(true);
});

test("check-up refuses what is no forward model, and data that is none, in one sentence", async () => {
  const recording = "data/recordings/us101.recording";
  expect(await headwayHere("check-up", recording)).toMatchObject({
    code: 2,
    stderr: `${recording}: expected a forward model, got a recording.\n`,
  });
  expect(await headwayHere("check-up", checkpoint, "--data", "nowhere")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("nowhere: expected a recording or a folder of them") as string,
  });
  for (const flag of ["--masks", "--samples"]) {
    expect(await headwayHere("check-up", checkpoint, flag, "1")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('expected a whole number of at least 2, got "1"') as string,
    });
  }
});

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configurationOf } from "../../src/cli/configuration.ts";
import { drawSweep } from "../../src/cli/sweeps/picture.ts";
import { settingsOf, type SweepPoint } from "../../src/cli/sweeps/points.ts";
import { createRng } from "../../src/core/index.ts";
import { createForwardModel, encodeForwardModel } from "../../src/forward-model/index.ts";
import { useWasm } from "../support/backend.ts";
import { headway, headwayHere, type Ran } from "./headway.ts";

useWasm();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headway-sweep-"));
  const common = { set: [], json: true, preset: "debug" } as const;
  const model = createForwardModel(configurationOf(common).forwardModel, createRng("model"));
  writeFileSync(join(folder, "model.headway"), encodeForwardModel(model));
  model.dispose();
});
afterAll(() => rmSync(folder, { recursive: true }));

function sweep(lengths: string, workers = "1"): Ran {
  const words = [
    "sweep",
    "rollout-length",
    "--preset",
    "debug",
    "--method",
    "svg",
    "--updates",
    "1",
    "--json",
  ];
  const places = ["--run", join(folder, "run"), "--model", join(folder, "model.headway")];
  return headway(...words, ...places, "--lengths", lengths, "--workers", workers);
}

const pointsOf = ({ code, stdout, stderr }: Ran): SweepPoint[] => {
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { points: SweepPoint[] }).points;
};

test(
  "a sweep keeps the points it has, goes on with those it lacks, and draws them all",
  { timeout: 300_000 },
  () => {
    const [first] = pointsOf(sweep("1"));
    const trained = join(folder, "run", "steps.json");
    const before = JSON.parse(readFileSync(trained, "utf8")) as Record<string, unknown>;
    const ran = sweep("1,3,2", "2"); // two trainings side by side
    const points = pointsOf(ran);
    expect(ran.stderr).toMatch(/svg-1-seed-1-model-[0-9a-f]+: done before/);
    expect(points[0]).toEqual(first);
    expect(JSON.parse(readFileSync(trained, "utf8"))).toMatchObject(before);
    expect(points.map(({ length }) => length)).toEqual([1, 3, 2]);
    expect(points[1]!.seconds).toBeCloseTo(0.6, 9);
    for (const { success, n, meanDistance } of points) {
      expect(n).toBeGreaterThan(0);
      expect(success.low).toBeLessThanOrEqual(success.rate);
      expect(success.high).toBeGreaterThanOrEqual(success.rate);
      expect(meanDistance).toBeGreaterThan(0);
    }
    expect(statSync(join(folder, "run", "sweep.svg")).size).toBeGreaterThan(1000);
    expect(JSON.parse(readFileSync(join(folder, "run", "sweep.json"), "utf8"))).toEqual({ points });
  },
);

test("a sweep is refused with other settings before it makes traffic", async () => {
  const run = join(folder, "begun");
  mkdirSync(run);
  writeFileSync(join(run, "config.json"), '{"kind":"sweep rollout-length","seed":9}');
  const words = ["--preset", "debug", "--run", run, "--model", join(folder, "model.headway")];
  expect(await headwayHere("sweep", "rollout-length", ...words)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("this run began with seed = 9, got 1") as string,
  });
  expect(readdirSync(run)).toEqual(["config.json"]);
});

test("a sweep has whole curves before it begins with the next seed", () => {
  const settings = settingsOf(["m"], ["mpur", "svg"], [1, 3], [1, 2]);
  expect(settings).toHaveLength(8);
  expect(settings.slice(0, 4).every(({ seed }) => seed === 1)).toBe(true);
});

test("what is named twice is trained once: two trainings in one folder would spoil each other", () => {
  expect(settingsOf(["m", "m"], ["svg", "svg"], [1, 3, 1], [1])).toEqual(
    settingsOf(["m"], ["svg"], [1, 3], [1]),
  );
});

test("the picture has a dot per point and says that the published curves are of another world", () => {
  const point = (length: number, rate: number): SweepPoint => ({
    ...{ method: "mpur", model: "m", length, seed: 1, seconds: length / 5, n: 10 },
    success: { rate, low: rate / 2, high: (1 + rate) / 2 },
    meanDistance: 100,
  });
  const picture = drawSweep([point(1, 0.2), point(10, 0.8), point(30, 0.6)]);
  expect(picture.match(/<circle/g)).toHaveLength(3);
  expect(picture).toContain("another world");
});

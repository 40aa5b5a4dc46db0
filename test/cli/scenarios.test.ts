import { existsSync, readFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decodeRecording } from "../../src/episodes/index.ts";
import { scenarios } from "../../src/sim/index.ts";
import { headwayHere } from "./headway.ts";

test("every scenario is listed with its goal, and stands with its picture in the docs", async () => {
  const { code, stdout } = await headwayHere("scenarios", "--json");
  expect(code).toBe(0);
  const listed = (JSON.parse(stdout) as { scenarios: { name: string; goal: string }[] }).scenarios;
  expect(listed.map(({ name }) => name)).toEqual(Object.keys(scenarios));
  const page = readFileSync("docs/scenarios.md", "utf8");
  for (const { name, goal } of listed) {
    expect(goal).toMatch(/^[A-Z].*\.$/);
    expect(page).toContain(`## ${name}\n\n${goal}\n`);
    expect(existsSync(`docs/scenarios/${name}.svg`)).toBe(true);
  }
  expect(readFileSync("docs/scenarios/us101.svg", "utf8").match(/<rect transform/g)!.length).toBeGreaterThan(
    20,
  );
});

test("parameters set and changed on the command line end up in the recording's name and traffic", async () => {
  const out = mkdtempSync(join(tmpdir(), "headway-"));
  const record = async (...more: string[]): Promise<number> => {
    const words = ["record", "--traffic", "free-flow", "--minutes", "0.5", "--out", out, "--json"];
    const { code, stdout } = await headwayHere(...words, "--set", "traffic.warmUpSeconds=20", ...more);
    expect(code).toBe(0);
    return (JSON.parse(stdout) as { episodes: number }).episodes;
  };
  const usual = await record();
  const crowded = await record("--set", "traffic.inflowRate=0.6", "--change", "10:timeGap=2");
  expect(crowded).toBeGreaterThan(1.3 * usual);
  const file = join(out, "free-flow+inflowRate=0.6+timeGap=2@10s.recording");
  expect(decodeRecording(readFileSync(file), file).provenance).toContain("inflowRate=0.6, timeGap=2@10s");
});

test.each([
  [["--set", "traffic.timeGap=9"], "timeGap"],
  [["--change", "10:timeGap=9"], "traffic.timeGap: expected a number from 0.5 to 4 s, got 9."],
  [["--change", "10:gap=1"], "expected one of inflowRate"],
])("%j is refused in one sentence", async (words, sentence) => {
  const { code, stderr } = await headwayHere("record", "--traffic", "dense", ...words);
  expect(code).toBe(2);
  expect(stderr).toContain(sentence);
});

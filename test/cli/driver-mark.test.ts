import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { driverMark } from "../../src/cli/driver-mark.ts";
import { Config } from "../../src/cli/configuration.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headway-mark-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const settings = (planner: object = {}) => Config.parse({ planner });

/** The marks of a driver before and after one of its files is written anew. */
function aroundChange(name: (file: string) => string, planner: (file: string) => object = () => ({})) {
  const file = join(folder, "driver.headway");
  return ["one", "other"].map((content) => {
    writeFileSync(file, content);
    return driverMark(name(file), settings(planner(file)));
  });
}

test.each([
  ["a policy", (file: string) => file],
  ["a policy that sees roads unbent", (file: string) => `unbent:${file}`],
  ["a planner with a model", (file: string) => `plan:${file}`],
  ["one that searches, unbent", (file: string) => `unbent:cem:${file}`],
])("%s has another mark once its file has changed", (_, name) => {
  const [before, after] = aroundChange(name);
  expect(before).not.toBe(after);
});

test("a planner has another mark once its guide, or how it plans, has changed", () => {
  const [before, after] = aroundChange(
    () => "plan",
    (guide) => ({ guide }),
  );
  expect(before).not.toBe(after);
  expect(driverMark("plan", settings({ horizonSteps: 7 }))).not.toBe(driverMark("plan", settings()));
});

test("what ships has a mark of its file, and rules have none but their name", () => {
  expect(driverMark("policy", settings())).toMatch(/^policy-[0-9a-f]+$/);
  expect(driverMark("plan", settings())).toMatch(/^plan-[0-9a-f]+-[0-9a-f]+$/);
  expect(driverMark("unbent:idm", settings())).toBe("unbent:idm");
});

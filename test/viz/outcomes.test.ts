import { expect, test } from "vitest";
import { parseEvaluation } from "../../src/viz/page/outcomes/evaluation-file.ts";
import { groupRows } from "../../src/viz/page/outcomes/show-rows.ts";

const row = (driver: string, traffic: string) => ({
  driver,
  traffic,
  split: "test",
  mode: "replay",
  episodes: 2,
  success: { rate: 0.5, low: 0.1, high: 0.9 },
  causes: { finished: 1, hitAhead: 1, hitSide: 0, rearEnded: 0, offRoad: 0, timeout: 0 },
});
const episode = (cause: string) => ({
  start: { track: 3, frame: 40, endFrame: 90 },
  cause,
  distance: 12,
  seconds: 2,
  progress: 0.4,
  attribution: null,
});

test("an evaluation's rows come with their episodes, and those of one traffic together", () => {
  const file = {
    seed: 1,
    rows: [row("idm", "dense"), row("idm", "us101"), row("none", "dense")],
    episodes: [[episode("finished"), episode("hitAhead")], [], [episode("timeout")]],
  };
  const groups = groupRows(parseEvaluation(JSON.stringify(file)));
  expect(groups.map(({ title, rows }) => [title, rows.map(({ driver }) => driver)])).toEqual([
    ["dense (test, replay)", ["idm", "none"]],
    ["us101 (test, replay)", ["idm"]],
  ]);
  expect(groups[0]!.rows[0]!.outcomes.map(({ cause }) => cause)).toEqual(["finished", "hitAhead"]);
  expect(groups[1]!.rows[0]!.outcomes).toEqual([]);
});

test("a file with rows alone, as older quickstarts kept it, has no episodes", () => {
  expect(parseEvaluation(JSON.stringify({ seed: 1, rows: [row("idm", "dense")] }))[0]!.outcomes).toEqual([]);
});

test("anything else is refused in one sentence", () => {
  for (const text of ["", "[1]", "null", '{"rows":[]}', '{"rows":[{"driver":"idm"}]}', '{"points":[]}']) {
    expect(() => parseEvaluation(text), text).toThrow(/^Expected an evaluation\.json.*, got .*\.$/);
  }
});

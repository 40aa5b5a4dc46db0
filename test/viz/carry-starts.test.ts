import { expect, test } from "vitest";
import { scenarios } from "../../src/sim/index.ts";
import { trafficNames } from "../../src/viz/protocol.ts";
import { createTrafficShelf } from "../../src/viz/worker/traffic.ts";

const silent = (): void => undefined;

test("the page offers every scenario", () => {
  expect([...trafficNames].sort()).toEqual(["us101", ...Object.keys(scenarios)].sort());
});

test("a change of parameters leaves the traffic before it alone, and the starts there where they were", async () => {
  const shelf = createTrafficShelf("http://localhost/");
  const request = { traffic: "free-flow", seed: 1, changes: [] } as const;
  const before = await shelf.get(request, silent);
  const frame = before.starts[20]!.frame + 30;
  const change = { frame, parameters: { desiredSpeed: 12 } };
  const after = await shelf.get({ ...request, changes: [change] }, silent);
  const start = before.starts[20]!;
  const moved = after.starts[20]!;
  expect([moved.frame, moved.goalX]).toEqual([start.frame, start.goalX]);
  const was = before.recording.tracks[start.track]!;
  const is = after.recording.tracks[moved.track]!;
  expect(is.id).toBe(was.id);
  const until = frame - was.firstFrame;
  expect(is.x.slice(0, until + 1)).toEqual(was.x.slice(0, until + 1));
  // Later it is slower than it was.
  expect(is.x[until + 40]! - is.x[until]!).toBeLessThan(0.9 * (was.x[until + 40]! - was.x[until]!));
  expect(moved.humanFrames).toBeGreaterThan(start.humanFrames);
  expect(after.parameters).toEqual(before.parameters);
});

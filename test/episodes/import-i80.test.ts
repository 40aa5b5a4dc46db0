import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { importI80Lane } from "../../src/episodes/index.ts";

const path = new URL("../../data/recordings/i80_lane1.csv.gz", import.meta.url);
const text = gunzipSync(readFileSync(path)).toString();
const { recording, rejected } = importI80Lane({ name: "i80_lane1.csv", text });

test("of the 200 tracks on I-80 those that lie on top of a longer one are rejected, the rest kept", () => {
  expect(recording.tracks.length + rejected.length).toBe(200);
  expect(rejected.length).toBeGreaterThan(0);
  expect(rejected.length).toBeLessThan(10);
  expect(rejected[0].reason).toMatch(/^lies on top of vehicle \d+$/);
});

test("no car on I-80 drives through the one ahead, backwards or faster than 35 m/s", () => {
  let closest = Infinity;
  let fastest = 0;
  let leastStep = Infinity;
  for (let frame = 0; frame < recording.frames; frame++) {
    const positions: number[] = [];
    for (const { firstFrame, x, speed } of recording.tracks) {
      const t = frame - firstFrame;
      if (t < 0 || t >= x.length) continue;
      positions.push(x[t]);
      fastest = Math.max(fastest, speed[t]);
      if (t > 0) leastStep = Math.min(leastStep, x[t] - x[t - 1]);
    }
    positions.sort((a, b) => a - b);
    for (let i = 1; i < positions.length; i++) closest = Math.min(closest, positions[i] - positions[i - 1]);
  }
  expect(closest).toBeGreaterThanOrEqual(4.5);
  expect(leastStep).toBeGreaterThanOrEqual(0);
  expect(fastest).toBeLessThan(35);
});

test("a frame that is missing on I-80 is named by line", () => {
  const lines = text.split("\n").slice(0, 6);
  lines.splice(3, 1);
  expect(() => importI80Lane({ name: "i80.csv", text: lines.join("\n") })).toThrow(
    "i80.csv, line 4, column frame: expected 222, the next one of track 1, got 223.",
  );
});

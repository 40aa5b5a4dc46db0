import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { importI80Lane } from "../../src/episodes/index.ts";

const path = new URL("../../data/recordings/i80_lane1.csv.gz", import.meta.url);
const text = gunzipSync(readFileSync(path)).toString();
const { recording, rejected, repaired } = importI80Lane({ name: "i80_lane1.csv", text });

test("of the 200 tracks on I-80 two jump and go on as another one, and those that touch a longer one are rejected", () => {
  expect(repaired.map(({ vehicle }) => vehicle)).toEqual(expect.arrayContaining(["60", "132"]));
  expect(recording.tracks.length + rejected.length).toBe(202);
  expect(rejected.length).toBeGreaterThan(0);
  expect(rejected.length).toBeLessThan(10);
  expect(rejected.filter(({ reason }) => /^lies on top of vehicle \d+$/.test(reason))).toHaveLength(5);
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

test("a frame of I-80 that is no whole number is named by line and column", () => {
  const lines = text.split("\n").slice(0, 6);
  lines[3] = lines[3].replace(/^(\d+),(\d+)/, "$1,$2.5");
  expect(() => importI80Lane({ name: "i80.csv", text: lines.join("\n") })).toThrow(
    "i80.csv, line 4, column frame: expected a whole number, got 222.5.",
  );
});

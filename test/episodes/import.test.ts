import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { InputError } from "../../src/core/index.ts";
import { encodeRecording, importUs101, readCsv, splits } from "../../src/episodes/index.ts";
import { advance, laneAt, recoverAction } from "../../src/sim/index.ts";

const folder = new URL("../../data/recordings/", import.meta.url);
const tracksFile = {
  name: "us101.csv",
  text: gunzipSync(readFileSync(new URL("us101.csv.gz", folder))).toString(),
};
const windowsFile = {
  name: "us101_windows.csv",
  text: readFileSync(new URL("us101_windows.csv", folder), "utf8"),
};
const { recording, rejected, repaired } = importUs101(tracksFile, windowsFile);

test("importing the shipped tracks gives the shipped recording byte for byte", () => {
  const shipped = readFileSync(new URL("us101.recording", folder));
  expect(Buffer.compare(encodeRecording(recording), shipped)).toBe(0);
});

test("the kinematics reproduce every shipped track from its first state and its recovered actions", () => {
  let worst = 0;
  for (const track of recording.tracks) {
    const stateOf = (t: number) => ({
      x: track.x[t],
      y: track.y[t],
      heading: track.heading[t],
      speed: track.speed[t],
    });
    const state = stateOf(0);
    for (let t = 0; t + 1 < track.x.length; t++) {
      advance(state, recoverAction(stateOf(t), stateOf(t + 1), recording.dt), recording.dt);
      worst = Math.max(worst, Math.hypot(state.x - track.x[t + 1], state.y - track.y[t + 1]));
    }
  }
  expect(worst).toBeLessThan(1e-6);
});

test("every vehicle is kept, mended or rejected with a reason", () => {
  expect(recording.tracks.length).toBe(559);
  expect(new Set(recording.tracks.map((track) => track.id)).size).toBe(559);
  expect(repaired.filter(({ reason }) => reason.startsWith("bridged"))).toHaveLength(32);
  expect(rejected.length).toBe(46);
  expect(rejected[0].reason).toMatch(/^seen for \d\.\d s on end, expected at least 1 s$/);
});

test("no vehicle drives backwards, turns on the spot or brakes harder than tires allow", () => {
  let leastStep = Infinity;
  let largestHeading = 0;
  let hardestBraking = 0;
  for (const { x, heading, speed } of recording.tracks) {
    for (let t = 1; t < x.length; t++) {
      leastStep = Math.min(leastStep, x[t] - x[t - 1]);
      largestHeading = Math.max(largestHeading, Math.abs(heading[t]));
      hardestBraking = Math.min(hardestBraking, (speed[t] - speed[t - 1]) / recording.dt);
    }
  }
  expect(leastStep).toBeGreaterThanOrEqual(0);
  expect(largestHeading).toBeLessThan(0.25);
  expect(hardestBraking).toBeGreaterThan(-9);
});

test("smoothing keeps vehicles within two meters of where they were seen, and 10 cm on average", () => {
  const { numbers, texts, rows } = readCsv(tracksFile.text, "us101.csv", {
    numbers: ["frame", "vehicle_id", "s_m", "length_m"],
    texts: ["cluster"],
  });
  const tracksById = new Map(recording.tracks.map((track) => [track.id, track]));
  let sum = 0;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const clipIndex = recording.clips.findIndex(({ name }) => name === texts.cluster[row]);
    const track = tracksById.get((clipIndex + 1) * 100_000 + numbers.vehicle_id[row]);
    const x = track?.x[recording.clips[clipIndex].firstFrame + numbers.frame[row] - track.firstFrame];
    if (x === undefined) continue;
    const difference = Math.abs(x + numbers.length_m[row] / 2 - numbers.s_m[row]);
    expect(difference).toBeLessThan(2);
    sum += difference;
    count++;
  }
  expect(count).toBeGreaterThan(38_000);
  expect(sum / count).toBeLessThan(0.1);
});

test("people drive in the middle of their lanes once the road is straightened", () => {
  const { road } = recording;
  const offsets: number[][] = road.lanes.map(() => []);
  for (const track of recording.tracks) {
    for (let t = 0; t < track.x.length; t += 5) {
      const lane = laneAt(road, track.x[t], track.y[t]);
      if (lane >= 0) offsets[lane].push(track.y[t] - road.lanes[lane].center);
    }
  }
  for (const lane of offsets.slice(0, 5)) {
    const median = lane.sort((a, b) => a - b)[lane.length >> 1];
    expect(Math.abs(median)).toBeLessThan(0.2);
  }
});

test("the clips split into one to train, three to validate and five to test", () => {
  const { train, validation, test: last } = splits(recording);
  const within = (range: { firstFrame: number; endFrame: number }): string =>
    recording.clips
      .filter((clip) => clip.firstFrame >= range.firstFrame && clip.endFrame <= range.endFrame)
      .map((clip) => clip.name)
      .join("");
  expect([within(train), within(validation), within(last)]).toEqual(["B", "DJM", "CEIKL"]);
});

test("a wrong cell, a missing column, a short line and a second row are named by file, line and column", () => {
  const [header, ...lines] = tracksFile.text.split("\n").slice(0, 4);
  const importOf = (text: string) => () => importUs101({ name: "t.csv", text }, windowsFile);
  const withCell = (column: number, cell: string): string =>
    [header, lines[0], lines[1].split(",").with(column, cell).join(",")].join("\n");
  expect(importOf(withCell(4, "x1"))).toThrow('t.csv, line 3, column s_m: expected a number, got "x1".');
  expect(importOf(withCell(4, ""))).toThrow('t.csv, line 3, column s_m: expected a number, got "".');
  expect(importOf(withCell(1, "0.5"))).toThrow(
    "t.csv, line 3, column frame: expected a whole number from 0, got 0.5.",
  );
  expect(importOf(withCell(0, "Z"))).toThrow(
    /t\.csv, line 3, column cluster: expected one of B, .*, got "Z"/,
  );
  expect(importOf(tracksFile.text.replace("lat_m", "lateral"))).toThrow(
    /t\.csv, line 1: expected a column lat_m, got/,
  );
  expect(importOf(`${header}\n1,2`)).toThrow("t.csv, line 2: expected 12 cells, got 2.");
  expect(importOf([header, lines[0], lines[0]].join("\n"))).toThrow(
    /t\.csv, line 3: expected one row per vehicle/,
  );
  expect(importOf(header)).toThrow("t.csv: expected rows after the header, got none.");
  expect(importOf("")).toThrow(InputError);
});

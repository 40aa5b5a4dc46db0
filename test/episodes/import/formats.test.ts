import { describe, expect, test } from "vitest";
import {
  guessFormat,
  openCommonRoad,
  openHighd,
  openMappedCsv,
  openNgsim,
  parseColumnMap,
  recordingFrom,
  type Source,
  trackEnd,
} from "../../../src/episodes/index.ts";
import { laneAt } from "../../../src/sim/index.ts";
import { byFrame, drive, laneWidth, roadLength, steadyTraffic } from "./made-up-traffic.ts";
import { commonRoad, file, highd, ngsimCsv, ngsimText, ownTable, ownTableMap } from "./write-formats.ts";

const traffic = steadyTraffic(24);
const map = parseColumnMap(ownTableMap, "map.json");

const formats: { readonly [name: string]: () => Source } = {
  "NGSIM text": () =>
    openNgsim([{ ...file("trajectories.txt", ngsimText(traffic)), hasHeader: false }], { name: "made-up" }),
  "NGSIM as CSV, frame by frame": () =>
    openNgsim([{ ...file("ngsim.csv", ngsimCsv(byFrame(traffic))), hasHeader: true }], { name: "made-up" }),
  "highD, lower carriageway": () => openHighd(highd(traffic, "lower"), "made-up", "lower"),
  "highD, upper carriageway": () => openHighd(highd(traffic, "upper"), "made-up", "upper"),
  CommonRoad: () => openCommonRoad(file("scenario.xml", commonRoad(traffic)), "made-up"),
  "CommonRoad as of 2018": () => {
    const xml = commonRoad(traffic)
      .replaceAll("dynamicObstacle", "obstacle")
      .replaceAll("<type>", "<role>dynamic</role><type>");
    return openCommonRoad(file("scenario.xml", xml), "made-up");
  },
  "a table with a column map": () => openMappedCsv([file("own.csv", ownTable(traffic))], map, "made-up"),
};

describe("the same traffic is the same recording, whatever the format", () => {
  test.each(Object.entries(formats))("%s", (_, open) => {
    const { recording, rejected } = recordingFrom(open());
    const { road, tracks } = recording;
    const seen = new Map<number, typeof traffic>();
    for (const row of traffic) seen.set(row.vehicle, [...(seen.get(row.vehicle) ?? []), row]);
    const lasting = [...seen.values()].filter((rows) => rows.length > 10);
    expect(tracks).toHaveLength(lasting.length);
    expect(rejected.map(({ reason }) => reason.slice(0, 8))).toEqual(
      Array(seen.size - lasting.length).fill("seen for"),
    );
    expect(recording.dt).toBe(0.1);
    expect(road.lanes).toHaveLength(3);
    road.lanes.forEach((lane, i) => {
      expect(lane.center).toBeCloseTo(-i * laneWidth, 0);
      expect(lane.width).toBeCloseTo(laneWidth, 1);
      expect([lane.start, lane.end]).toEqual([0, road.length]);
    });
    const order = lasting.toSorted((a, b) => a[0].frame - b[0].frame || a[0].vehicle - b[0].vehicle);
    const firstFrame = order[0][0].frame;
    // Where x begins is up to the format; it must be the same for all vehicles.
    const offset = tracks[0].x[0] - (order[0][0].x - order[0][0].length / 2);
    for (const [i, rows] of order.entries()) {
      const track = tracks.find(
        (one) => one.firstFrame === rows[0].frame - firstFrame && laneOf(one) === rows[0].lane - 1,
      )!;
      expect(track, `vehicle ${i + 1}`).toBeDefined();
      expect(trackEnd(track) - track.firstFrame).toBe(rows.length);
      expect(track.length).toBeCloseTo(4.5, 2);
      for (let t = 0; t < rows.length; t += 7) {
        expect(Math.abs(track.x[t] - offset - (rows[t].x - 2.25))).toBeLessThan(0.05);
      }
      expect(track.speed[5]).toBeCloseTo(26 - 2 * rows[0].lane, 1);
    }
    function laneOf(track: (typeof tracks)[number]): number {
      return laneAt(road, track.x[0], track.y[0]);
    }
  });
});

test("three files in any order are three clips in the order of their clocks, vehicles counted anew", () => {
  const part = (name: string, hours: number) => ({
    ...file(name, ngsimText(steadyTraffic(20), 1_113_433_135_000 + hours * 3_600_000)),
    hasHeader: false,
  });
  const { recording } = recordingFrom(
    openNgsim([part("b/late.txt", 1), part("early.txt", 0), part("later.txt.gz", 2)], { name: "i-80" }),
  );
  expect(recording.clips.map(({ name }) => name)).toEqual(["early", "late", "later"]);
  const perClip = recording.clips.map(
    (clip) =>
      recording.tracks.filter(
        (track) => track.firstFrame >= clip.firstFrame && trackEnd(track) <= clip.endFrame,
      ).length,
  );
  expect(perClip).toEqual([30, 30, 30]);
  expect(new Set(recording.tracks.map(({ id }) => id)).size).toBe(90);
});

test("among several clips a vehicle is named with its own", () => {
  const part = (name: string, hours: number) => ({
    ...file(name, ngsimText([...steadyTraffic(14), ...drive(99, { lane: 2, until: 12 })], hours * 3_600_000)),
    hasHeader: false,
  });
  const { rejected } = recordingFrom(openNgsim([part("a.txt", 1), part("b.txt", 2)], { name: "two" }));
  const short = rejected.filter(({ reason }) => reason.startsWith("seen for 0.3 s"));
  expect(short.map(({ vehicle }) => vehicle)).toEqual(["a 99", "b 99"]);
});

test("an auxiliary lane and a ramp are lanes where they are driven", () => {
  const rows = steadyTraffic(60);
  for (let i = 0; i < 30; i++) {
    const ramp = drive(500 + i, { lane: 7, frame: i * 18, from: 60, until: 150, speed: 15 });
    // The ramp lies beyond the auxiliary lane, which is lane 4 here.
    rows.push(...ramp.map((row) => ({ ...row, y: -4.5 * laneWidth })));
    rows.push(...drive(700 + i, { lane: 4, frame: i * 18, from: 100, until: 300, speed: 18 }));
  }
  const source = openNgsim([{ ...file("t.txt", ngsimText(rows)), hasHeader: false }], { name: "ramps" });
  const { lanes, length } = recordingFrom(source).recording.road;
  expect(lanes).toHaveLength(5);
  expect(lanes.slice(0, 3).every(({ start, end }) => start === 0 && end === length)).toBe(true);
  for (const [i, [start, end]] of [
    [3, [100, 300]],
    [4, [60, 150]],
  ] as const) {
    expect(Math.abs(lanes[i].start - start)).toBeLessThan(15);
    expect(Math.abs(lanes[i].end - end)).toBeLessThan(15);
    expect(lanes[i].center).toBeCloseTo(-i * laneWidth, 0);
  }
});

test("a line along which positions wander is straightened, and lanes without numbers are found", () => {
  const wander = (x: number): number => 0.8 * Math.sin(x / 60);
  const rows = steadyTraffic(60).map((row) => ({ ...row, y: row.y + wander(row.x) }));
  const plain = parseColumnMap(
    { columns: { vehicle: "v", frame: "f", along: "x", across: "y" }, reference: "front" },
    "map.json",
  );
  const table = ["v,f,x,y", ...rows.map(({ vehicle, frame, x, y }) => [vehicle, frame, x, y].join(","))];
  const { recording } = recordingFrom(openMappedCsv([file("t.csv", table.join("\n"))], plain, "wandering"));
  expect(recording.road.lanes).toHaveLength(3);
  for (const track of recording.tracks) {
    const lane = recording.road.lanes[laneAt(recording.road, track.x[5], track.y[5])];
    for (let t = 0; t < track.x.length; t += 3) expect(Math.abs(track.y[t] - lane.center)).toBeLessThan(0.35);
  }
});

test("25 frames per second become 10, at the same places", () => {
  const rows = Array.from({ length: 250 }, (_, frame) => `7,${frame},${frame},3`);
  const columns = { vehicle: "v", frame: "f", along: "x", across: "y" };
  const fast = parseColumnMap({ columns, framesPerSecond: 25, smoothSeconds: 0.1 }, "map.json");
  const source = openMappedCsv([file("t.csv", ["v,f,x,y", ...rows].join("\n"))], fast, "fast");
  const [track] = recordingFrom(source).recording.tracks;
  expect(track.x).toHaveLength(100);
  for (let t = 0; t < 100; t++) expect(track.x[t]).toBeCloseTo(2.5 * t, 1);
  expect(track.speed[50]).toBeCloseTo(25, 2);
});

test.each([
  [
    "a CommonRoad scenario",
    (rows: typeof traffic) => {
      const xml = commonRoad(rows).replace('timeStepSize="0.1"', 'timeStepSize="0.5"');
      return openCommonRoad(file("scenario.xml", xml), "slow");
    },
  ],
  [
    "a table that is smoothed little",
    (rows: typeof traffic) => {
      const slow = parseColumnMap({ ...ownTableMap, framesPerSecond: 2, smoothSeconds: 0.1 }, "map.json");
      const seconds = rows.map((row) => ({ ...row, frame: 5 * row.frame }));
      return openMappedCsv([file("own.csv", ownTable(seconds))], slow, "slow");
    },
  ],
])("two instants a second are enough for an even drive: %s", (_, open) => {
  const rows = traffic
    .filter(({ frame }) => frame % 5 === 0)
    .map((row) => ({ ...row, frame: row.frame / 5 }));
  const { recording, rejected } = recordingFrom(open(rows));
  expect(rejected).toEqual([]);
  for (const { speed } of recording.tracks) {
    for (const each of speed) expect(each).toBeCloseTo(speed[0], 1);
  }
});

test("the site of an NGSIM table is found however it is written", () => {
  const csv = { ...file("t.csv", ngsimCsv(traffic, "us-101")), hasHeader: true };
  expect(recordingFrom(openNgsim([csv], { name: "t", site: "US-101" })).recording.tracks).not.toEqual([]);
});

test("a CommonRoad scenario says nothing about the road behind the hindmost vehicle", () => {
  const { recording } = recordingFrom(openCommonRoad(file("s.xml", commonRoad(traffic)), "made-up"));
  for (const { firstFrame, start, end } of recording.coverage) {
    const here = recording.tracks
      .filter((track) => firstFrame >= track.firstFrame && firstFrame < trackEnd(track))
      .map((track) => track.x[firstFrame - track.firstFrame]);
    expect(start).toBeLessThanOrEqual(Math.min(...here));
    expect(end).toBeGreaterThanOrEqual(Math.max(...here));
  }
  expect(recording.road.length).toBeLessThanOrEqual(roadLength);
});

test("formats are told apart by what a file begins with", () => {
  expect(guessFormat(ngsimText(drive(1)).slice(0, 900))).toBe("ngsim");
  expect(guessFormat(ngsimCsv(drive(1)).slice(0, 900))).toBe("ngsim");
  expect(guessFormat(commonRoad(drive(1)).slice(0, 900))).toBe("commonroad");
  expect(guessFormat([...highd(drive(1), "lower").tracks.chunks].join("").slice(0, 900))).toBe("highd");
  expect(guessFormat("cluster,frame,vehicle_id,lane,s_m,lat_m\n")).toBe("us101");
  expect(guessFormat("track,frame,local_y_ft,recon_local_y_ft\n")).toBe("i80-lane1");
  expect(guessFormat(ownTable(drive(1)))).toBeUndefined();
  expect(guessFormat("<html><body>")).toBeUndefined();
  expect(guessFormat("")).toBeUndefined();
});

import { describe, expect, test } from "vitest";
import {
  openCommonRoad,
  openHighd,
  openMappedCsv,
  openNgsim,
  parseColumnMap,
  recordingFrom,
  type Source,
} from "../../../src/episodes/index.ts";
import { drive } from "./made-up-traffic.ts";
import { commonRoad, file, highd, ngsimCsv, ngsimText, ownTable, ownTableMap } from "./write-formats.ts";

const rows = drive(7);
const ngsim = (text: string, hasHeader = false, site?: string): Source =>
  openNgsim([{ ...file("t.txt", text), hasHeader }], { name: "t", ...(site === undefined ? {} : { site }) });
const scenario = (change: (xml: string) => string) => (): Source =>
  openCommonRoad(file("s.xml", change(commonRoad(rows))), "s");
const table = (change: (text: string) => string) => (): Source =>
  openMappedCsv([file("own.csv", change(ownTable(rows)))], parseColumnMap(ownTableMap, "map.json"), "own");
const above =
  (part: "tracks" | "tracksMeta" | "recordingMeta", change: (text: string) => string) => (): Source => {
    const files = highd(rows, "lower");
    const text = change([...files[part].chunks].join(""));
    return openHighd({ ...files, [part]: file(`01_${part}.csv`, text) }, "h", "lower");
  };
/** A text in which the line of that number has been changed. */
const inLine =
  (number: number, from: string | RegExp, to: string) =>
  (text: string): string => {
    const lines = text.split("\n");
    lines[number - 1] = lines[number - 1].replace(from, to);
    return lines.join("\n");
  };

const cases: { readonly [name: string]: readonly [() => Source, string | RegExp] } = {
  "NGSIM: a word for a number": [
    () => ngsim(inLine(3, /^7/, "seven")(ngsimText(rows))),
    't.txt, line 3, column 1 (vehicle_id): expected a number, got "seven".',
  ],
  "NGSIM: half a frame": [
    () => ngsim(inLine(2, /^7 \t1/, "7 \t1.5")(ngsimText(rows))),
    't.txt, line 2, column 2 (frame_id): expected a whole number from 0, got "1.5".',
  ],
  "NGSIM: a line that breaks off": [
    () => ngsim(ngsimText(rows).slice(0, -30)),
    /^t\.txt, line \d+: expected 18 cells, got 1\d\.$/,
  ],
  "NGSIM: an empty file": [() => ngsim("\n\n"), "t.txt: expected rows, got none."],
  "NGSIM as CSV: two sites": [
    () => ngsim(`${ngsimCsv(rows, "i-80")}\n${ngsimCsv(rows, "us-101").split("\n")[1]}`, true),
    /^t\.txt, line \d+, column location: expected one site, got us-101 after i-80; choose with --site\.$/,
  ],
  "NGSIM as CSV: a site that is not there": [
    () => ngsim(ngsimCsv(rows, "i-80"), true, "us-101"),
    "t.txt: expected at least one vehicle that can be kept, got none (no rows).",
  ],
  "NGSIM as CSV: a missing column": [
    () => ngsim(inLine(1, "Local_Y", "Y")(ngsimCsv(rows)), true),
    /^t\.txt, line 1: expected a column local_y, got vehicle_id, /,
  ],
  "highD: a vehicle without a driving direction": [
    above("tracksMeta", inLine(2, "7", "8")),
    "01_tracks.csv, line 2, column id: expected a vehicle of 01_tracksMeta.csv, got 7.",
  ],
  "highD: a third driving direction": [
    above("tracksMeta", inLine(2, ",2", ",3")),
    "01_tracksMeta.csv, line 2, column drivingDirection: expected 1 or 2, got 3.",
  ],
  "highD: lane lines out of order": [
    above("recordingMeta", inLine(2, /;[^;]*$/, ";1")),
    /^01_recordingMeta\.csv, line 2, column lowerLaneMarkings: expected two or more rising heights with ; /,
  ],
  "highD: lane lines of another road": [
    above("recordingMeta", inLine(2, /[^,]*$/, "300;304")),
    /got none \(vehicle 7 is more than 2 m beside all lanes for 100 % of its time\)\.$/,
  ],
  "highD: only the other carriageway": [
    () => openHighd(highd(rows, "upper"), "h", "lower"),
    /got none \(vehicle 7 drives on the other carriageway\)\.$/,
  ],
  "CommonRoad: no XML": [
    scenario((xml) => xml.replace("</lanelet>", "</lane>")),
    /^s\.xml, line 3, column \d+: expected XML, got something else \(unexpected close tag\)\.$/,
  ],
  "CommonRoad: another kind of XML": [
    scenario(() => "<osm></osm>"),
    /^s\.xml, line 1, column \d+: expected <commonRoad> as the outermost element, got <osm>\.$/,
  ],
  "CommonRoad: no time step": [
    scenario((xml) => xml.replace('timeStepSize="0.1"', "")),
    /^s\.xml, line 2, column \d+: expected timeStepSize above 0 and at most 0\.5 s, got ""\.$/,
  ],
  "CommonRoad: a word for a place": [
    scenario((xml) => xml.replace(/<x>[^<]*/, "<x>here")),
    /^s\.xml, line 3, column \d+: expected a number in <x>, got "here"\.$/,
  ],
  "CommonRoad: a span of time": [
    scenario((xml) => xml.replace("<exact>5</exact>", "<intervalStart>5</intervalStart>")),
    /^s\.xml, line 9, column \d+: expected an exact position and time of obstacle 7, got something else\.$/,
  ],
  "CommonRoad: a place somewhere in a box": [
    scenario((xml) =>
      xml.replace(
        /<initialState><position><point>(.*?)<\/point>/,
        "<initialState><position><rectangle><length>2</length><width>2</width><center>$1</center></rectangle>",
      ),
    ),
    /^s\.xml, line 9, column \d+: expected an exact position and time of obstacle 7, got something else\.$/,
  ],
  "CommonRoad: no road": [
    scenario((xml) => xml.replace(/<lanelet .*<\/lanelet>/s, "")),
    "s.xml: expected lanelets, got none.",
  ],
  "CommonRoad: half of a file": [
    scenario((xml) => xml.slice(0, xml.length / 2)),
    /^s\.xml, line \d+, column \d+: expected XML, /,
  ],
  "a table: a time off the beat": [
    table(inLine(4, "0.20", "0.25")),
    "own.csv, line 4, column when: expected a time on the beat of 10 frames per second, got 0.25.",
  ],
  "a table: a missing cell": [table(inLine(5, /;[^;]*$/, "")), "own.csv, line 5: expected 6 cells, got 5."],
  "a table: an empty cell": [
    table(inLine(5, /;[^;]*$/, ";")),
    'own.csv, line 5, column wide: expected a number, got "".',
  ],
  "a table: nothing but its header": [
    table((text) => text.split("\n")[0]),
    "own.csv: expected rows after the header, got none.",
  ],
};

describe("one sentence names file, line and column", () => {
  test.each(Object.entries(cases))("%s", (_, [open, message]) => {
    expect(() => recordingFrom(open())).toThrow(
      expect.objectContaining({
        name: "InputError",
        message: typeof message === "string" ? message : expect.stringMatching(message),
      }),
    );
  });
});

describe("a column map is refused by its key", () => {
  const columns = { vehicle: "v", frame: "f", along: "x", across: "y" };
  const maps: { readonly [name: string]: readonly [unknown, string | RegExp] } = {
    "no object": [[1], "map.json: expected an object of settings, got [1]."],
    "an unknown key": [
      { columns, speed: 1 },
      /^map\.json: unknown key speed; expected one of columns, delimiter, /,
    ],
    "an unknown column": [
      { columns: { ...columns, lenght: "l" } },
      /^map\.json: unknown key columns\.lenght; expected one of columns\.vehicle, /,
    ],
    "no columns": [{}, /^map\.json: columns: .*got undefined\.$/],
    "neither frame nor time": [
      { columns: { vehicle: "v", along: "x", across: "y" } },
      "map.json: columns: expected either frame or time, got neither.",
    ],
    "both frame and time": [
      { columns: { ...columns, time: "t" } },
      "map.json: columns: expected either frame or time, got both.",
    ],
    "neither across nor lane": [
      { columns: { vehicle: "v", frame: "f", along: "x" } },
      "map.json: columns: expected across or lane, got neither.",
    ],
    "a unit of its own": [
      { columns, units: { distance: "mile" } },
      /^map\.json: units\.distance: expected m or ft, got "mile"\.$/,
    ],
    "one frame per second": [
      { columns, framesPerSecond: 1 },
      "map.json: framesPerSecond: expected at least 2, got 1.",
    ],
  };
  test.each(Object.entries(maps))("%s", (_, [map, message]) => {
    expect(() => parseColumnMap(map, "map.json")).toThrow(message);
  });
});

test("without a column across, vehicles drive in the middle of the lanes that the map counts", () => {
  const map = parseColumnMap(
    {
      columns: { vehicle: "v", frame: "f", along: "x", lane: "lane" },
      lanes: { first: 1, from: "right", width: 3.5 },
    },
    "map.json",
  );
  const text = [1, 2].flatMap((lane) =>
    Array.from({ length: 30 }, (_, f) => `${lane},${f},${2 * f},${lane}`),
  );
  const { recording } = recordingFrom(
    openMappedCsv([file("t.csv", ["v,f,x,lane", ...text].join("\n"))], map, "t"),
  );
  const [first, second] = recording.tracks;
  expect(second.y[0] - first.y[0]).toBeCloseTo(3.5, 2);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { steadyTraffic } from "../episodes/import/made-up-traffic.ts";
import { highd, ngsimText, ownTable, ownTableMap } from "../episodes/import/write-formats.ts";
import { headwayHere } from "./headway.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headway-import-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const traffic = steadyTraffic(14);
const place = (name: string): string => join(folder, name);

test("a gzipped file is recognized, imported and drawn, and --json tells of every vehicle", async () => {
  writeFileSync(place("t.txt.gz"), gzipSync(ngsimText(traffic)));
  const ran = await headwayHere(
    ...["import", place("t.txt.gz"), "--out", place("t.recording"), "--picture", place("t.svg"), "--json"],
  );
  expect(ran.stderr).toContain("t.txt.gz: looks like ngsim.");
  expect(ran.code).toBe(0);
  const result = JSON.parse(ran.stdout) as { vehicles: number; lanes: number; rejected: unknown[] };
  expect(Object.keys(result)).toEqual([
    "vehicles",
    "frames",
    "seconds",
    "lanes",
    "meanSpeed",
    "rejected",
    "repaired",
  ]);
  expect(result.lanes).toBe(3);
  expect(result.vehicles + result.rejected.length).toBe(21);
  expect(readFileSync(place("t.svg"), "utf8")).toMatch(/^<svg /);
});

test("a column map says that a table is of its own kind", async () => {
  writeFileSync(place("own.csv"), ownTable(traffic));
  writeFileSync(place("map.json"), JSON.stringify(ownTableMap));
  const ran = await headwayHere(
    ...["import", place("own.csv"), "--columns", place("map.json"), "--out", place("own.recording")],
  );
  expect(ran.stderr).toContain("looks like csv");
  expect(ran.stdout).toMatch(/vehicles in 1 clip, 14 s on 3 lanes/);
});

test("the tables beside highD tracks are found, or missed by name", async () => {
  const files = highd(traffic, "upper");
  for (const { name, chunks } of Object.values(files)) writeFileSync(place(name), [...chunks].join(""));
  const words = ["import", place("01_tracks.csv"), "--carriageway", "upper", "--out", place("h.recording")];
  const ran = await headwayHere(...words);
  expect(ran.stdout).toMatch(/on 3 lanes/);
  rmSync(place("01_tracksMeta.csv"));
  const missed = await headwayHere(...words);
  expect(missed.code).toBe(2);
  expect(missed.stderr).toMatch(/expected NN_tracks\.csv with .* beside it, got no .*01_tracksMeta\.csv\.$/m);
});

test("a file that shows no format, is no text, or breaks off in its packing is refused", async () => {
  writeFileSync(place("a.csv"), "x,y\n1,2\n");
  writeFileSync(place("b.txt"), Buffer.from([1, 0, 2, 0]));
  const packed = gzipSync(ngsimText(traffic));
  writeFileSync(place("c.txt.gz"), packed.subarray(0, 2000));
  writeFileSync(place("d.txt.gz"), packed.fill(0, packed.length - 8, packed.length - 4));
  const out = ["--out", place("x.recording")];
  const refusals: [string, RegExp][] = [
    ["a.csv", /expected --format ngsim\|commonroad\|.*, got none, and the file's beginning does not show it/],
    ["b.txt", /expected text, got bytes that are none/],
    ["c.txt.gz", /expected gzip, but it does not unpack/],
    ["d.txt.gz", /expected gzip, but it does not unpack \(its checksum is another one\)/],
  ];
  for (const [name, message] of refusals) {
    const ran = await headwayHere("import", place(name), ...out);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/\n\s+at /);
  }
});

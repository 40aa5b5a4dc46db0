import { describe, expect, test } from "vitest";
import { seenVehicles } from "../../../src/episodes/import/seen-vehicles.ts";
import { linesOf, type Sighting } from "../../../src/episodes/index.ts";
import { byFrame, type Row, steadyTraffic } from "./made-up-traffic.ts";
import { file } from "./write-formats.ts";

/** Most rows that were drawn and not yet handed on. */
function mostHeld(rows: readonly (Row & { clip?: string })[]): { held: number; vehicles: number } {
  let drawn = 0;
  let handedOn = 0;
  let held = 0;
  function* sightings(): Generator<Sighting> {
    for (const [i, row] of rows.entries()) {
      drawn++;
      held = Math.max(held, drawn - handedOn);
      yield { clip: "c", ...row, vehicle: String(row.vehicle), line: i + 1 };
    }
  }
  let vehicles = 0;
  for (const seen of seenVehicles({ file: "t", frameSeconds: 0.1, sightings: sightings() })) {
    handedOn += seen.frames.length;
    vehicles++;
  }
  expect(handedOn).toBe(rows.length);
  return { held, vehicles };
}

describe("an import holds the rows of the vehicles that are on the road, however long the recording", () => {
  const short = steadyTraffic(60);
  const long = steadyTraffic(240);
  const longestTrack = 200;
  const onTheRoad = 40;

  test("of a file vehicle by vehicle one vehicle", () => {
    const { held, vehicles } = mostHeld(long);
    expect(vehicles).toBe(360);
    // Before the first vehicle is handed on, 2000 rows show the order of the file.
    expect(held).toBeLessThanOrEqual(2000 + longestTrack);
  });

  test("of a file frame by frame those within sight", () => {
    expect(mostHeld(byFrame(long)).held).toBeLessThanOrEqual(2000 + onTheRoad * longestTrack);
    expect(mostHeld(byFrame(long)).held).toBeLessThan(1.1 * mostHeld(byFrame(short)).held);
  });
});

test("a file in no order at all is held as a whole and gives the same vehicles", () => {
  const rows = steadyTraffic(60);
  const mixed = rows.map((_, i) => rows[(i * 7919) % rows.length]);
  expect(mostHeld(mixed)).toEqual({ held: rows.length, vehicles: 90 });
});

test("a vehicle that returns to a sorted file in mid-drive is refused by line", () => {
  const rows = steadyTraffic(60);
  const torn = [...rows.filter((_, i) => i !== 100), rows[100]];
  expect(() => mostHeld(torn)).toThrow(
    `t, line ${rows.length}: expected the rows of each vehicle together, as before, got vehicle 1 at frame`,
  );
});

describe("of several clips", () => {
  const inClip = (clip: string) => steadyTraffic(40).map((row) => ({ ...row, clip }));
  const [a, b] = [inClip("a"), inClip("b")];

  test("whose frames alternate, all vehicles stay whole", () => {
    const mixed = [...a, ...b].toSorted((one, other) => one.frame - other.frame);
    expect(mostHeld(mixed)).toEqual({ held: mixed.length, vehicles: 120 });
  });

  test("whose vehicles alternate, one is held at a time", () => {
    const mixed = [...a, ...b].toSorted((one, other) => one.vehicle - other.vehicle);
    expect(mostHeld(mixed).vehicles).toBe(120);
    expect(mostHeld(mixed).held).toBeLessThan(2000 + 200);
  });

  test.each([
    ["vehicle by vehicle", a, b, "expected the rows of each vehicle together, as before"],
    [
      "frame by frame",
      byFrame(a),
      byFrame(b),
      "expected the frames of each clip together and in order, as before",
    ],
  ])(
    "%s, one that returns in mid-drive behind another clip is refused by line",
    (_, rows, others, expected) => {
      const torn = [...rows.slice(0, 3000), ...others, ...rows.slice(3000)];
      expect(() => mostHeld(torn)).toThrow(`t, line ${3001 + others.length}: ${expected}, got vehicle `);
    },
  );
});

test("a line in many pieces is read as soon as its pieces are", () => {
  // Put together anew at every piece, this would take minutes.
  const chunks = Array.from({ length: 100_000 }, () => "forty characters, and no line end in them");
  expect([...linesOf({ name: "t", chunks })].map((line) => line.length)).toEqual([4_100_000]);
});

test("lines are the same however the text is cut into pieces", () => {
  const text = "\ufeffone\r\ntwo\n\nfour";
  for (const size of [1, 2, 3, 5, 100]) {
    expect([...linesOf(file("t", text, size))]).toEqual(["one", "two", "", "four"]);
  }
});

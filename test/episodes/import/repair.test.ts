import { describe, expect, test } from "vitest";
import { type Imported, isCovered, openNgsim, recordingFrom, trackEnd } from "../../../src/episodes/index.ts";
import { centersFromSamples } from "../../../src/episodes/import/centers.ts";
import { createTrackIds } from "../../../src/episodes/import/track-ids.ts";
import { drive, type Row, steadyTraffic } from "./made-up-traffic.ts";
import { file, ngsimText } from "./write-formats.ts";

/** Ordinary traffic in lanes 1 to 3 and, on the shoulder beside it vehicle 900 with whatever is wrong. */
function importWith(rows: readonly Row[]): Imported {
  const all = [...steadyTraffic(14), ...rows];
  return recordingFrom(openNgsim([{ ...file("t.txt", ngsimText(all)), hasHeader: false }], { name: "t" }));
}

const ordinary = drive(900, { lane: 4, speed: 15 });
const piecesOf900 = ({ recording }: Imported) =>
  recording.tracks.filter(({ id }) => Math.floor((id % 100_000_000) / 100) === 900);
const reasons = (notes: Imported["rejected"]): string[] =>
  notes.filter(({ vehicle }) => vehicle === "900").map(({ reason }) => reason);

test("a vehicle without flaws is kept as it is, without a word", () => {
  const imported = importWith(ordinary);
  expect(piecesOf900(imported)).toHaveLength(1);
  expect(reasons(imported.repaired)).toEqual([]);
  expect(reasons(imported.rejected)).toEqual([]);
});

describe("repaired", () => {
  test("half a second without rows is bridged evenly", () => {
    const imported = importWith(ordinary.filter((_, i) => i < 50 || i >= 55));
    const [track, ...others] = piecesOf900(imported);
    expect(others).toEqual([]);
    expect(reasons(imported.repaired)).toEqual(["bridged 5 unseen frames"]);
    expect(track.x).toHaveLength(ordinary.length);
    for (let t = 45; t < 60; t++) expect(track.speed[t]).toBeCloseTo(15, 1);
  });

  test("after a longer gap another track begins, since its way would be guessed", () => {
    const imported = importWith(ordinary.filter((_, i) => i < 50 || i >= 56));
    expect(piecesOf900(imported).map((track) => track.x.length)).toEqual([50, ordinary.length - 56]);
    expect(reasons(imported.repaired)).toEqual(["unseen for 0.6 s before frame 56: another track begins"]);
  });

  test("a lone wrong row is left out and bridged", () => {
    const imported = importWith(ordinary.map((row, i) => (i === 60 ? { ...row, x: row.x + 25 } : row)));
    const [track, ...others] = piecesOf900(imported);
    expect(others).toEqual([]);
    expect(reasons(imported.repaired)).toEqual([
      "jumps off its way at frame 60: another track begins",
      "bridged 1 unseen frames",
    ]);
    expect(reasons(imported.rejected)).toEqual(["seen for 0.0 s on end, expected at least 1 s"]);
    expect(track.speed[60]).toBeCloseTo(15, 1);
  });

  test("a jump is told as one, however long ago another row was wrong", () => {
    const rows = ordinary.map((row, i) => {
      const jump = i === 40 ? 25 : i >= 90 ? 12 : 0;
      return { ...row, x: row.x + jump };
    });
    expect(reasons(importWith(rows).repaired)).toEqual([
      "jumps off its way at frame 40: another track begins",
      "jumps off its way at frame 90: another track begins",
      "bridged 1 unseen frames",
    ]);
  });

  test("a vehicle that jumps for good is two tracks", () => {
    const imported = importWith(ordinary.map((row, i) => (i >= 60 ? { ...row, x: row.x + 12 } : row)));
    expect(piecesOf900(imported).map((track) => track.x.length)).toEqual([60, ordinary.length - 60]);
    expect(reasons(imported.repaired)).toEqual(["jumps off its way at frame 60: another track begins"]);
  });

  test("a row that stands there twice counts once", () => {
    const imported = importWith(ordinary.flatMap((row, i) => (i % 40 === 3 ? [row, row] : [row])));
    expect(piecesOf900(imported)[0].x).toHaveLength(ordinary.length);
    expect(reasons(imported.repaired)).toEqual([expect.stringMatching(/^counted \d rows once/)]);
  });

  test("two vehicles under one number at one time are told apart", () => {
    const other = drive(900, { lane: 4, from: 90, speed: 15 });
    const both = [...ordinary, ...other].toSorted((a, b) => a.frame - b.frame);
    const imported = importWith(both);
    const tracks = piecesOf900(imported);
    expect(tracks.map((track) => track.x.length)).toEqual([ordinary.length, other.length]);
    for (const track of tracks) {
      for (const speed of track.speed) expect(speed).toBeCloseTo(15, 1);
    }
    expect(reasons(imported.repaired)).toEqual([
      expect.stringMatching(/^in two places 85\.\d m apart at frame 0/),
    ]);
  });

  test("a number used again later is another vehicle", () => {
    const again = drive(900, { lane: 4, frame: 280, speed: 15 });
    const imported = importWith([...ordinary, ...again]);
    expect(piecesOf900(imported).map((track) => track.x.length)).toEqual([ordinary.length, again.length]);
  });

  test("a number that more than a hundred vehicles use in turn never names two tracks alike", () => {
    const idOf = createTrackIds();
    const ids = Array.from({ length: 250 }, () => idOf(0, "7"));
    ids.push(idOf(0, "8"), idOf(0, "9"));
    expect(new Set(ids).size).toBe(252);
    expect(ids.slice(0, 2)).toEqual([100_000_700, 100_000_701]);
  });

  test("rows of a vehicle in no order are put in order", () => {
    const imported = importWith(ordinary.toReversed());
    expect(piecesOf900(imported)[0].x).toHaveLength(ordinary.length);
  });

  test("noise of raw positions is smoothed: speeds stay within 1 m/s of the truth", () => {
    const noisy = ordinary.map((row, i) => ({ ...row, x: row.x + 0.3 * Math.sin(i * 2.3), y: row.y }));
    const [track] = piecesOf900(importWith(noisy));
    for (const speed of track.speed) expect(Math.abs(speed - 15)).toBeLessThan(1);
  });

  test("where a late entrant must have been before, the road counts as unseen; elsewhere it does not", () => {
    const imported = importWith(drive(900, { lane: 2, frame: 100, from: 200, speed: 22 }));
    const { recording } = imported;
    const [track] = piecesOf900(imported);
    expect(reasons(imported.repaired)).toEqual([
      "comes into sight at 196 m: the road there counts as unseen for 3 s before",
    ]);
    const at = (seconds: number) => track.firstFrame + seconds * 10;
    const there = (seconds: number) => track.x[0] + seconds * 22;
    expect(isCovered(recording, at(-1), there(-1) - 5, there(-1) + 5)).toBe(false);
    expect(isCovered(recording, at(-1), there(-1) + 20, there(-1) + 40)).toBe(true);
    expect(isCovered(recording, at(1), 150, 250)).toBe(true);
    expect(isCovered(recording, at(-5), 100, 200)).toBe(true);
  });
});

describe("rejected", () => {
  const rejections: { readonly [name: string]: readonly [readonly Row[], RegExp] } = {
    "less than a second on the road": [
      ordinary.slice(0, 8),
      /^seen for 0\.7 s on end, expected at least 1 s$/,
    ],
    "faster than anyone drives": [
      drive(900, { lane: 4, speed: 75 }),
      /^drives 75 m\/s, faster than 60 m\/s$/,
    ],
    "braking harder than tires hold": [
      ordinary.map((row) => ({ ...row, x: row.frame < 60 ? row.frame * 2.5 : 148 })),
      /^brakes by \d+\.\d m\/s², harder than 10 m\/s²$/,
    ],
    "driving against the traffic": [
      ordinary.map((row) => ({ ...row, x: 300 - row.x / 4 })),
      /^rolls back by \d+\.\d m/,
    ],
    "no length": [drive(900, { lane: 4, length: 0 }), /^is 0\.00 m long, expected 1\.2 to 30 m$/],
    "wider than a lane": [drive(900, { lane: 4, width: 6 }), /^is 6\.00 m wide, expected 0\.4 to 4 m$/],
    "far beside the road": [
      drive(900, { lane: 4 })
        .map((row) => ({ ...row, y: 9, lane: 9 }))
        .slice(0, 15),
      /^is more than 2 m beside all lanes for 100 % of its time$/,
    ],
    "on top of another vehicle": [
      drive(900, { lane: 1, from: 6, frame: 21, speed: 24, until: 150 }),
      /^lies on top of vehicle 4$/,
    ],
  };
  test.each(Object.entries(rejections))("%s", (_, [rows, reason]) => {
    const imported = importWith(rows);
    expect(reasons(imported.rejected)).toEqual([expect.stringMatching(reason)]);
    expect(piecesOf900(imported)).toEqual([]);
  });

  test("of two vehicles that merely touch, neither", () => {
    const imported = importWith(drive(900, { lane: 1, from: 1.2, frame: 21, speed: 24, until: 150 }));
    expect(reasons(imported.rejected)).toEqual([]);
  });
});

test("a car that stands for minutes costs no more per frame than one that drives", () => {
  let reads = 0;
  const y = Array.from({ length: 3000 }, () => 0);
  const counted = new Proxy(y, {
    get(target, key) {
      reads++;
      return Reflect.get(target, key) as unknown;
    },
  });
  const times = y.map((_, t) => t);
  const x = y.map((_, t) => (t < 100 ? t : 100));
  const samples = { times, x, y: counted, length: 4.5, reference: "center", smoothSeconds: 0.5 } as const;
  centersFromSamples(samples, 0.1);
  expect(reads).toBeLessThan(100 * y.length);
});

test("every track lies within the timeline, its road and one clip", () => {
  const { recording } = importWith(ordinary);
  for (const track of recording.tracks) {
    expect(track.firstFrame).toBeGreaterThanOrEqual(0);
    expect(trackEnd(track)).toBeLessThanOrEqual(recording.frames);
    expect(track.x[0]).toBeGreaterThanOrEqual(0);
    expect(track.x.at(-1)!).toBeLessThanOrEqual(recording.road.length);
  }
});

import { InputError } from "../../core/index.ts";
import type { Lane } from "../../sim/index.ts";
import type { Sighting, Source } from "./sighting.ts";
import { type TableRow, tableRows } from "./table-rows.ts";
import { baseName, type TextFile } from "./text.ts";

/** The three files of one recording from above. */
export interface HighdFiles {
  readonly tracks: TextFile;
  readonly tracksMeta: TextFile;
  readonly recordingMeta: TextFile;
}

/** The carriageway that is imported: traffic on the upper one drives to the left of the picture. */
export type Carriageway = "upper" | "lower";

/** The positions are smooth already; this much [s] carries them over to another frame rate. */
const smoothSeconds = 0.1;

/**
 * highD and its relatives: a table of boxes in a picture whose y grows downwards, with driving directions and lane lines
 * in two tables beside it. One carriageway makes a recording; the other is counted and left out.
 */
export function openHighd(files: HighdFiles, name: string, carriageway: Carriageway): Source {
  const { frameRate, lanes } = readRecordingMeta(files.recordingMeta, carriageway);
  const directions = readDirections(files.tracksMeta);
  const elsewhere = new Set<string>();
  const clip = baseName(files.tracks.name);
  // Seen by a driver: to the right on the lower carriageway, to the left on the upper one.
  const forward = carriageway === "lower" ? 1 : -1;
  function* sightings(): Generator<Sighting> {
    const required = ["frame", "id", "x", "y", "width", "height", "laneId"];
    for (const row of tableRows(files.tracks, { required })) {
      const vehicle = row.text("id").trim();
      const direction = directions.get(vehicle);
      if (direction === undefined) {
        throw new InputError(
          `${files.tracks.name}, line ${row.line}, column id: expected a vehicle of ${files.tracksMeta.name}, got ${vehicle}.`,
        );
      }
      if (direction !== carriageway) {
        elsewhere.add(vehicle);
        continue;
      }
      // x and y are the upper left corner of the box, its width lies along the road.
      const length = row.number("width");
      const width = row.number("height");
      yield {
        clip,
        vehicle,
        frame: row.whole("frame"),
        x: forward * (row.number("x") + length / 2),
        y: -forward * (row.number("y") + width / 2),
        length,
        width,
        lane: row.whole("laneId"),
        line: row.line,
      };
    }
  }
  return {
    file: files.tracks.name,
    name,
    provenance: `imported from ${clip} in the layout of highD, ${carriageway} carriageway; resampled to 10 Hz`,
    frameSeconds: 1 / frameRate,
    reference: "center",
    smoothSeconds,
    lanes,
    known: "all on the road",
    sightings: sightings(),
    leftOut: () =>
      [...elsewhere].map((vehicle) => ({ clip, vehicle, reason: "drives on the other carriageway" })),
  };
}

/** Vehicle → carriageway; driving direction 1 is the upper one, 2 the lower one. */
function readDirections(file: TextFile): Map<string, Carriageway> {
  const directions = new Map<string, Carriageway>();
  for (const row of tableRows(file, { required: ["id", "drivingDirection"] })) {
    const direction = row.whole("drivingDirection");
    if (direction !== 1 && direction !== 2) {
      throw new InputError(
        `${file.name}, line ${row.line}, column drivingDirection: expected 1 or 2, got ${direction}.`,
      );
    }
    directions.set(row.text("id").trim(), direction === 1 ? "upper" : "lower");
  }
  return directions;
}

function readRecordingMeta(file: TextFile, carriageway: Carriageway): { frameRate: number; lanes: Lane[] } {
  const column = carriageway === "upper" ? "upperLaneMarkings" : "lowerLaneMarkings";
  for (const row of tableRows(file, { required: ["frameRate", column] })) {
    const frameRate = row.number("frameRate");
    if (!(frameRate >= 2)) {
      throw new InputError(
        `${file.name}, line ${row.line}, column frameRate: expected at least 2, got ${row.text("frameRate")}.`,
      );
    }
    return { frameRate, lanes: lanesBetween(lineHeights(row, column, file.name), carriageway) };
  }
  throw new InputError(`${file.name}: expected one row, got none.`);
}

/** Heights of the lane lines in the picture [m]. */
function lineHeights(row: TableRow, column: string, file: string): number[] {
  const heights = row.text(column).split(";").map(Number);
  const rise = heights.every((height, i) => Number.isFinite(height) && (i === 0 || height > heights[i - 1]));
  if (heights.length < 2 || !rise) {
    throw new InputError(
      `${file}, line ${row.line}, column ${column}: expected two or more rising heights with ; between them, got "${row.text(column)}".`,
    );
  }
  return heights;
}

function lanesBetween(heights: readonly number[], carriageway: Carriageway): Lane[] {
  const left = carriageway === "lower" ? -1 : 1;
  return heights.slice(1).map((height, i) => ({
    center: (left * (height + heights[i])) / 2,
    width: height - heights[i],
    start: Number.NEGATIVE_INFINITY,
    end: Number.POSITIVE_INFINITY,
  }));
}

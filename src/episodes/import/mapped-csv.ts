import { InputError } from "../../core/index.ts";
import type { ColumnMap } from "./column-map.ts";
import { type Sighting, type Source, unknownLane } from "./sighting.ts";
import { type TableRow, tableRows } from "./table-rows.ts";
import { baseName, type TextFile } from "./text.ts";

const metersPerFoot = 0.3048;
/** Times may miss the beat by this share of a frame: they are written with few digits. */
const offBeat = 0.2;

/** Any table of traffic, read as a column map says; several files are clips that follow each other. */
export function openMappedCsv(files: readonly TextFile[], map: ColumnMap, name: string): Source {
  function* sightings(): Generator<Sighting> {
    for (const file of files) yield* rowsOf(file, map);
  }
  return {
    file: files.map((file) => file.name).join(", "),
    name,
    provenance:
      map.provenance === ""
        ? `imported from ${files.map((file) => baseName(file.name)).join(", ")}`
        : map.provenance,
    frameSeconds: 1 / map.framesPerSecond,
    reference: map.reference,
    smoothSeconds: map.smoothSeconds,
    known: "all on the road",
    sightings: sightings(),
  };
}

function* rowsOf(file: TextFile, map: ColumnMap): Generator<Sighting> {
  const { columns, units, assumed } = map;
  const scale = units.distance === "ft" ? metersPerFoot : 1;
  const forward = map.alongGrows === "forward" ? scale : -scale;
  const left = map.acrossGrows === "left" ? scale : -scale;
  const required = Object.values(columns).filter((column) => column !== undefined);
  const base = baseName(file.name);
  for (const row of tableRows(file, { required, delimiter: map.delimiter })) {
    const lane = columns.lane === undefined ? unknownLane : row.whole(columns.lane);
    yield {
      clip: columns.clip === undefined ? base : `${base} ${row.text(columns.clip)}`,
      vehicle: row.text(columns.vehicle).trim(),
      frame: frameOf(row, map, file.name),
      x: row.number(columns.along) * forward,
      y: columns.across === undefined ? middleOfLane(lane, map) : row.number(columns.across) * left,
      length: columns.length === undefined ? assumed.length : row.number(columns.length) * scale,
      width: columns.width === undefined ? assumed.width : row.number(columns.width) * scale,
      lane,
      line: row.line,
    };
  }
}

function frameOf(row: TableRow, { columns, units, framesPerSecond }: ColumnMap, file: string): number {
  if (columns.time === undefined) return row.whole(columns.frame!);
  const seconds = row.number(columns.time) * (units.time === "ms" ? 0.001 : 1);
  const frame = Math.round(seconds * framesPerSecond);
  if (Math.abs(seconds * framesPerSecond - frame) > offBeat) {
    throw new InputError(
      `${file}, line ${row.line}, column ${columns.time}: expected a time on the beat of ${framesPerSecond} frames ` +
        `per second, got ${row.text(columns.time)}.`,
    );
  }
  return frame;
}

/** Where a lane lies across the road [m] by its number alone. */
function middleOfLane(lane: number, { lanes }: ColumnMap): number {
  const steps = (lane - lanes.first) * lanes.width;
  return lanes.from === "left" ? -steps : steps;
}

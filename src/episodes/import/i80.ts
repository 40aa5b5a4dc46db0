import { InputError } from "../../core/index.ts";
import { recordingFrom } from "./assemble.ts";
import { ngsimSmoothSeconds } from "./centers.ts";
import { readCsv } from "./csv.ts";
import type { Imported, NamedText } from "./imported.ts";
import { type Sighting, unknownLane } from "./sighting.ts";

const metersPerFoot = 0.3048;
/** The file holds no sizes: those of an ordinary car [m]. */
const assumedLength = 4.5;
const assumedWidth = 1.8;
const roadLength = 335;

const provenance =
  "NGSIM, I-80, Emeryville, 13 April 2005, from 16:00, lane 1 (U.S. DOT FHWA, Next Generation Simulation Vehicle " +
  "Trajectories and Supporting Data, DOI 10.21949/1504477; a U.S. Government work). By way of the repository " +
  "TeRyZh/Reconstruction-NGSIM-Trajectory-with-DMD-and-Res_UNet_plus (MIT); smoothed, moved from front to center, " +
  "sizes assumed.";

/**
 * The shipped tracks of I-80's leftmost lane → a Recording of one lane: for car following, since neither lateral
 * positions nor sizes nor the neighboring lanes are known. Where two tracks touch, the shorter goes.
 * @throws InputError naming file, line and column.
 */
export function importI80Lane(file: NamedText): Imported {
  const name = "i80-lane1";
  return recordingFrom({
    file: file.name,
    name,
    provenance,
    frameSeconds: 0.1,
    reference: "front",
    smoothSeconds: ngsimSmoothSeconds,
    stretch: { start: 0, end: roadLength },
    lanes: [{ center: 0, width: 3.7, start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY }],
    known: "all in the lane",
    // In one lane nobody is beside anybody.
    overlap: { share: 0, seconds: 0 },
    sightings: sightings(file, name),
  });
}

function* sightings(file: NamedText, clip: string): Generator<Sighting> {
  const { rows, numbers } = readCsv(file.text, file.name, {
    numbers: ["track", "frame", "local_y_ft"],
    texts: [],
  });
  const { track, frame, local_y_ft } = numbers;
  for (let row = 0; row < rows; row++) {
    if (!Number.isInteger(frame[row])) {
      throw new InputError(
        `${file.name}, line ${row + 2}, column frame: expected a whole number, got ${frame[row]}.`,
      );
    }
    yield {
      clip,
      vehicle: String(track[row]),
      frame: frame[row],
      x: local_y_ft[row] * metersPerFoot,
      y: 0,
      length: assumedLength,
      width: assumedWidth,
      lane: unknownLane,
      line: row + 2,
    };
  }
}

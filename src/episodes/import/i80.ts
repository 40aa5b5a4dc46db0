import { InputError } from "../../core/index.ts";
import { straightRoad } from "../../sim/index.ts";
import type { Track } from "../recording.ts";
import { createTrack, trackEnd } from "../track.ts";
import { centersFromFronts } from "./centers.ts";
import { readCsv } from "./csv.ts";
import type { Imported, NamedText, VehicleNote } from "./imported.ts";

const dt = 0.1;
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
 * positions nor sizes nor the neighboring lanes are known. Where two tracks lie on top of each other, the shorter goes.
 * @throws InputError naming file, line and column.
 */
export function importI80Lane(file: NamedText): Imported {
  const { rows, numbers } = readCsv(file.text, file.name, {
    numbers: ["track", "frame", "local_y_ft"],
    texts: [],
  });
  const { track, frame, local_y_ft } = numbers;
  const firstFrame = frame.reduce((least, one) => Math.min(least, one), Infinity);
  const rowsByTrack = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    const own = rowsByTrack.get(track[row]) ?? [];
    rowsByTrack.set(track[row], own);
    if (own.length > 0 && frame[row] !== frame[own.at(-1)!] + 1) {
      throw new InputError(
        `${file.name}, line ${row + 2}, column frame: expected ${frame[own.at(-1)!] + 1}, the next one of track ` +
          `${track[row]}, got ${frame[row]}.`,
      );
    }
    own.push(row);
  }
  const candidates = [...rowsByTrack].map(([id, own]) => {
    const samples = {
      frames: own.map((row) => frame[row] - firstFrame),
      x: own.map((row) => local_y_ft[row] * metersPerFoot),
      y: own.map(() => 0),
      length: assumedLength,
    };
    const centers = centersFromFronts(samples, dt);
    return createTrack({ id, length: assumedLength, width: assumedWidth, ...centers }, dt);
  });
  const tracks: Track[] = [];
  const rejected: VehicleNote[] = [];
  for (const candidate of candidates.sort((a, b) => b.x.length - a.x.length || a.id - b.id)) {
    const other = tracks.find((kept) => everOverlap(kept, candidate));
    if (other === undefined) tracks.push(candidate);
    else rejected.push({ vehicle: String(candidate.id), reason: `lies on top of vehicle ${other.id}` });
  }
  tracks.sort((a, b) => a.firstFrame - b.firstFrame || a.id - b.id);
  const frames = tracks.reduce((last, one) => Math.max(last, trackEnd(one)), 0);
  const name = "i80-lane1";
  const recording = {
    name,
    road: straightRoad(name, roadLength, 1),
    dt,
    frames,
    tracks,
    coverage: [{ firstFrame: 0, endFrame: frames, start: 0, end: roadLength }],
    clips: [{ name, firstFrame: 0, endFrame: frames }],
    provenance,
  };
  return { recording, rejected, repaired: [] };
}

/** Whether two vehicles in one lane are ever closer than a car is long. */
function everOverlap(a: Track, b: Track): boolean {
  const end = Math.min(trackEnd(a), trackEnd(b));
  for (let frame = Math.max(a.firstFrame, b.firstFrame); frame < end; frame++) {
    if (Math.abs(a.x[frame - a.firstFrame] - b.x[frame - b.firstFrame]) < assumedLength) return true;
  }
  return false;
}

import { InputError } from "../../core/index.ts";
import type { Recording, Track } from "../recording.ts";
import { createTrack } from "../track.ts";
import { centersFromFronts } from "./centers.ts";
import { readCsv } from "./csv.ts";
import type { Imported, NamedText, VehicleNote } from "./imported.ts";
import { us101Coverage } from "./us101-coverage.ts";
import { us101Drift, us101Road } from "./us101-road.ts";

const dt = 0.1;
/**
 * Order on the timeline. A split by time makes of it: B, the longest jam, to train; D, J and M to validate;
 * C, E, I, K and L, with the most usable starts, to test.
 */
const clipOrder = ["B", "D", "J", "M", "C", "E", "I", "K", "L"];
/** Empty frames between clips. */
const pauseFrames = 50;
/** A vehicle unseen for at most this long between two windows is bridged, longer it becomes two tracks [frames]. */
const bridgedFrames = 5;
const shortestTrackSeconds = 1;

const provenance =
  "NGSIM, US-101, Los Angeles, 15 June 2005 (U.S. DOT FHWA, Next Generation Simulation Vehicle Trajectories and " +
  "Supporting Data, DOI 10.21949/1504477; a U.S. Government work). Positions restored from the CommonRoad US-101 " +
  "scenarios (two of them in commonroad-io, BSD-3-Clause); smoothed, straightened and moved from front to center.";

/**
 * The shipped US-101 tracks and the windows of their source scenes → one Recording of nine clips on one timeline.
 * @throws InputError naming file, line and column.
 */
export function importUs101(tracksFile: NamedText, windowsFile: NamedText): Imported {
  const table = readTracks(tracksFile);
  const { clips, frames } = clipsOnTimeline(table);
  const tracks: Track[] = [];
  const rejected: VehicleNote[] = [];
  const repaired: VehicleNote[] = [];
  for (const [clipIndex, clip] of clips.entries()) {
    for (const [id, rows] of table.rowsByVehicle.get(clip.name)!) {
      const vehicle = `${clip.name} ${id}`;
      const pieces = splitAtGaps(table, rows, tracksFile.name);
      for (const [pieceIndex, piece] of pieces.entries()) {
        const samples = {
          frames: piece.map((row) => clip.firstFrame + table.frame[row]),
          x: piece.map((row) => table.s_m[row]),
          y: piece.map((row) => table.lat_m[row] - us101Drift(table.s_m[row])),
          length: table.length_m[piece[0]],
        };
        const centers = centersFromFronts(samples, dt);
        const seconds = (centers.x.length - 1) * dt;
        if (seconds < shortestTrackSeconds) {
          const reason = `seen for ${seconds.toFixed(1)} s on end, expected at least ${shortestTrackSeconds} s`;
          rejected.push({ vehicle, reason });
          continue;
        }
        const missing = centers.x.length - piece.length;
        if (missing > 0) repaired.push({ vehicle, reason: `bridged ${missing} unseen frames` });
        // Readable back: clip, piece, the number in the file.
        const trackId = (clipIndex + 1) * 100_000 + pieceIndex * 10_000 + id;
        const width = table.width_m[piece[0]];
        tracks.push(createTrack({ id: trackId, length: samples.length, width, ...centers }, dt));
      }
    }
  }
  const coverage = us101Coverage(windowsFile, clips, tracks, bridgedFrames);
  const recording = { name: "us101", road: us101Road, dt, frames, tracks, coverage, clips, provenance };
  return { recording, rejected, repaired };
}

type Rows = ReturnType<typeof readTracks>;

/** The columns in use, and the rows of each vehicle of each clip, in order of time. */
function readTracks(file: NamedText) {
  const table = readCsv(file.text, file.name, {
    numbers: ["frame", "vehicle_id", "s_m", "lat_m", "length_m", "width_m"],
    texts: ["cluster"],
  });
  const { frame, vehicle_id } = table.numbers;
  const rowsByVehicle = new Map<string, Map<number, number[]>>();
  for (let row = 0; row < table.rows; row++) {
    const cluster = table.texts.cluster[row];
    if (!clipOrder.includes(cluster)) {
      throw new InputError(
        `${file.name}, line ${row + 2}, column cluster: expected one of ${clipOrder.join(", ")}, got "${cluster}".`,
      );
    }
    if (!Number.isInteger(frame[row]) || frame[row] < 0) {
      throw new InputError(
        `${file.name}, line ${row + 2}, column frame: expected a whole number from 0, got ${frame[row]}.`,
      );
    }
    const vehicles = rowsByVehicle.get(cluster) ?? new Map<number, number[]>();
    rowsByVehicle.set(cluster, vehicles);
    const rows = vehicles.get(vehicle_id[row]) ?? [];
    vehicles.set(vehicle_id[row], rows);
    rows.push(row);
  }
  for (const vehicles of rowsByVehicle.values()) {
    for (const rows of vehicles.values()) rows.sort((a, b) => frame[a] - frame[b]);
  }
  return { ...table.numbers, rowsByVehicle };
}

/** Clips one after the other, empty road between them. */
function clipsOnTimeline(table: Rows): Pick<Recording, "clips" | "frames"> {
  const clips: { name: string; firstFrame: number; endFrame: number }[] = [];
  for (const name of clipOrder) {
    const vehicles = table.rowsByVehicle.get(name);
    if (vehicles === undefined) continue;
    const previous = clips.at(-1);
    const firstFrame = previous === undefined ? 0 : previous.endFrame + pauseFrames;
    let last = 0;
    for (const rows of vehicles.values()) last = Math.max(last, table.frame[rows.at(-1)!]);
    clips.push({ name, firstFrame, endFrame: firstFrame + last + 1 });
  }
  return { clips, frames: clips.at(-1)!.endFrame };
}

/** A vehicle's rows cut where it was unseen for too long to guess its way. */
function splitAtGaps(table: Rows, rows: readonly number[], file: string): number[][] {
  const pieces: number[][] = [[rows[0]]];
  for (let i = 1; i < rows.length; i++) {
    const step = table.frame[rows[i]] - table.frame[rows[i - 1]];
    if (step === 0) {
      throw new InputError(
        `${file}, line ${rows[i] + 2}: expected one row per vehicle and frame, got a second one.`,
      );
    }
    if (step - 1 > bridgedFrames) pieces.push([]);
    pieces.at(-1)!.push(rows[i]);
  }
  return pieces;
}

import { frameSeconds as dt, InputError } from "../../core/index.ts";
import type { Recording, Track } from "../recording.ts";
import { createTrack } from "../track.ts";
import { centersFromSamples, ngsimSmoothSeconds } from "./centers.ts";
import { readCsv } from "./csv.ts";
import type { Imported, NamedText, VehicleNote } from "./imported.ts";
import { limits } from "./limits.ts";
import { piecesOf } from "./pieces.ts";
import { isTooShort, tooShort } from "./repair.ts";
import type { SeenVehicle } from "./seen-vehicles.ts";
import { us101Coverage } from "./us101-coverage.ts";
import { us101Drift, us101Road } from "./us101-road.ts";

/**
 * Order on the timeline. A split by time makes of it: B, the longest jam, to train; D, J and M to validate;
 * C, E, I, K and L, with the most usable starts, to test.
 */
const clipOrder = ["B", "D", "J", "M", "C", "E", "I", "K", "L"];
/** Empty frames between clips. */
const pauseFrames = 50;
const bridgedFrames = Math.round(limits.bridgedSeconds / dt);

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
      const { pieces, repairs } = piecesOf(seenOn101(table, rows, vehicle, tracksFile.name), dt);
      repaired.push(...repairs.map((reason) => ({ vehicle, reason })));
      for (const [pieceIndex, places] of pieces.entries()) {
        const piece = places.map((place) => rows[place]);
        const samples = {
          times: piece.map((row) => clip.firstFrame + table.frame[row]),
          x: piece.map((row) => table.s_m[row]),
          y: piece.map((row) => table.lat_m[row] - us101Drift(table.s_m[row])),
          length: table.length_m[piece[0]],
          reference: "front" as const,
          smoothSeconds: ngsimSmoothSeconds,
        };
        const centers = centersFromSamples(samples, dt);
        const seconds = (centers.x.length - 1) * dt;
        if (isTooShort(seconds)) {
          rejected.push({ vehicle, reason: tooShort(seconds) });
          continue;
        }
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

/** A vehicle's rows as the rules of repair take them. */
function seenOn101(table: Rows, rows: readonly number[], name: string, file: string): SeenVehicle {
  for (let i = 1; i < rows.length; i++) {
    if (table.frame[rows[i]] !== table.frame[rows[i - 1]]) continue;
    throw new InputError(
      `${file}, line ${rows[i] + 2}: expected one row per vehicle and frame, got a second one.`,
    );
  }
  return {
    clip: "",
    name,
    length: table.length_m[rows[0]],
    width: table.width_m[rows[0]],
    frames: rows.map((row) => table.frame[row]),
    x: rows.map((row) => table.s_m[row]),
    y: rows.map((row) => table.lat_m[row]),
    lanes: [],
  };
}

import { InputError } from "../../core/index.ts";
import type { Coverage, Recording, Track } from "../recording.ts";
import { createTrack } from "../track.ts";
import { centersFromFronts, type FrontSamples } from "./centers.ts";
import { readCsv } from "./csv.ts";
import { us101Drift, us101Road } from "./us101-road.ts";

/** An import's outcome: the recording, and each track that was left out or mended, with the reason. */
export interface Imported {
  readonly recording: Recording;
  readonly rejected: readonly { readonly vehicle: string; readonly reason: string }[];
  readonly repaired: readonly { readonly vehicle: string; readonly reason: string }[];
}

/** One file's text and the name that messages give it. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

const dt = 0.1;
/** Order on the timeline: what splits by time make of it is the longest jam for training, the most starts for testing. */
const clipOrder = ["B", "D", "J", "M", "C", "E", "I", "K", "L"];
/** Empty frames between clips. */
const pauseFrames = 50;
/** A vehicle unseen for at most this long between two windows is bridged, longer it becomes two tracks [frames]. */
const bridgedFrames = 5;
const shortestTrackSeconds = 1;
/** The hind end of a window moves with the hindmost vehicle; it is measured anew every so many frames. */
const sliceFrames = 5;
/** Windows speak of front centers, coverage of centers: half a car less at the far end [m]. */
const halfCar = 2.5;

const provenance =
  "NGSIM, US-101, Los Angeles, 15 June 2005 (U.S. DOT FHWA, Next Generation Simulation Vehicle Trajectories and " +
  "Supporting Data, DOI 10.21949/1504477; a U.S. Government work). Positions restored from CommonRoad US-101 " +
  "scenarios (commonroad-io, BSD-3); smoothed, moved from front to center and straightened on import.";

/**
 * The shipped US-101 tracks and their windows → one Recording of nine clips on one timeline.
 * @throws InputError naming file, line and column.
 */
export function importUs101(tracksFile: NamedText, windowsFile: NamedText): Imported {
  const table = readCsv(tracksFile.text, tracksFile.name, {
    numbers: ["frame", "vehicle_id", "s_m", "lat_m", "length_m", "width_m"],
    texts: ["cluster"],
  });
  const { frame, vehicle_id, s_m, lat_m, length_m, width_m } = table.numbers;
  const rowsByVehicle = new Map<string, number[]>();
  const lastFrame = new Map<string, number>();
  for (let row = 0; row < table.rows; row++) {
    const cluster = table.texts.cluster[row]!;
    if (!clipOrder.includes(cluster)) {
      throw new InputError(
        `${tracksFile.name}, line ${row + 2}, column cluster: expected one of ${clipOrder.join(", ")}, got "${cluster}".`,
      );
    }
    const key = `${cluster} ${vehicle_id[row]!}`;
    const rows = rowsByVehicle.get(key) ?? [];
    rowsByVehicle.set(key, rows);
    rows.push(row);
    lastFrame.set(cluster, Math.max(lastFrame.get(cluster) ?? 0, frame[row]!));
  }

  let frames = 0;
  const clips = clipOrder
    .filter((name) => lastFrame.has(name))
    .map((name) => {
      const firstFrame = frames === 0 ? 0 : frames + pauseFrames;
      frames = firstFrame + lastFrame.get(name)! + 1;
      return { name, firstFrame, endFrame: frames };
    });

  const tracks: Track[] = [];
  const rejected: { vehicle: string; reason: string }[] = [];
  const repaired: { vehicle: string; reason: string }[] = [];
  for (const [clipIndex, clip] of clips.entries()) {
    for (const [key, rows] of rowsByVehicle) {
      if (!key.startsWith(`${clip.name} `)) continue;
      rows.sort((a, b) => frame[a]! - frame[b]!);
      const pieces: number[][] = [[rows[0]!]];
      for (let i = 1; i < rows.length; i++) {
        const missing = frame[rows[i]!]! - frame[rows[i - 1]!]! - 1;
        if (missing < 0) {
          throw new InputError(
            `${tracksFile.name}, line ${rows[i]! + 2}: expected one row per vehicle and frame, got a second one.`,
          );
        }
        if (missing > bridgedFrames) pieces.push([]);
        else if (missing > 0) repaired.push({ vehicle: key, reason: `bridged ${missing} unseen frames` });
        pieces.at(-1)!.push(rows[i]!);
      }
      for (const [pieceIndex, piece] of pieces.entries()) {
        const seconds = (frame[piece.at(-1)!]! - frame[piece[0]!]!) * dt;
        if (seconds < shortestTrackSeconds) {
          rejected.push({
            vehicle: key,
            reason: `recorded for ${seconds.toFixed(1)} s at a stretch, less than ${shortestTrackSeconds} s`,
          });
          continue;
        }
        const samples: FrontSamples = {
          frames: piece.map((row) => clip.firstFrame + frame[row]!),
          x: piece.map((row) => s_m[row]!),
          y: piece.map((row) => lat_m[row]! - us101Drift(s_m[row]!)),
          length: length_m[piece[0]!]!,
        };
        tracks.push(
          createTrack(
            {
              // Readable back: clip, piece, the number in the file.
              id: (clipIndex + 1) * 100_000 + pieceIndex * 10_000 + vehicle_id[piece[0]!]!,
              length: samples.length,
              width: width_m[piece[0]!]!,
              ...centersFromFronts(samples, dt),
            },
            dt,
          ),
        );
      }
    }
  }
  const coverage = readCoverage(windowsFile, clips, tracks);
  const recording = { name: "us101", road: us101Road, dt, frames, tracks, coverage, clips, provenance };
  return { recording, rejected, repaired };
}

/**
 * The windows on the timeline. Their far end is sharp, but late entrants are missing at their near end, so there they
 * reach back only to the hindmost vehicle. A pause of a few frames between two windows over the same stretch is
 * bridged as the tracks are.
 */
function readCoverage(file: NamedText, clips: Recording["clips"], tracks: readonly Track[]): Coverage[] {
  const table = readCsv(file.text, file.name, {
    numbers: ["frame0", "frames", "s_min", "s_max"],
    texts: ["cluster"],
  });
  const coverage: Coverage[] = [];
  for (let row = 0; row < table.rows; row++) {
    const clip = clips.find(({ name }) => name === table.texts.cluster[row]);
    if (clip === undefined) {
      throw new InputError(
        `${file.name}, line ${row + 2}, column cluster: expected a clip of the tracks, got "${table.texts.cluster[row]!}".`,
      );
    }
    const { frame0, frames, s_min, s_max } = table.numbers;
    const begin = clip.firstFrame + frame0[row]!;
    const finish = Math.min(begin + frames[row]! + bridgedFrames, clip.endFrame);
    for (let firstFrame = begin; firstFrame < finish; firstFrame += sliceFrames) {
      const endFrame = Math.min(firstFrame + sliceFrames, finish);
      const end = s_max[row]! - halfCar;
      let start = Number.POSITIVE_INFINITY;
      for (const track of tracks) {
        const x = track.x[firstFrame - track.firstFrame];
        if (x !== undefined && x >= s_min[row]! - halfCar && x <= end) start = Math.min(start, x);
      }
      if (start < end) coverage.push({ firstFrame, endFrame, start, end });
    }
  }
  return coverage;
}

import { InputError } from "../../core/index.ts";
import { limits } from "./limits.ts";
import type { Sighting, Source } from "./sighting.ts";

/** All rows of one vehicle in the order of the file. */
export interface SeenVehicle {
  readonly clip: string;
  readonly name: string;
  readonly length: number;
  readonly width: number;
  readonly frames: number[];
  readonly x: number[];
  readonly y: number[];
  readonly lanes: number[];
}

/** How the rows of a file follow each other. */
type RowOrder = "by vehicle" | "by frame" | "none";

/** So many rows are looked at before the first vehicle is taken to be complete. */
const rowsToJudgeOrder = 2000;

/**
 * Rows → vehicles, each handed on as soon as the order of the rows says that it is complete: at the next vehicle, or
 * when it has been out of sight for longer than a gap may be. Only a file in no order at all is held as a whole.
 * @throws InputError when rows leave the order that the file began with.
 */
export function* seenVehicles(
  source: Pick<Source, "file" | "frameSeconds" | "sightings">,
): Generator<SeenVehicle> {
  const rows = source.sightings[Symbol.iterator]();
  const first: Sighting[] = [];
  while (first.length < rowsToJudgeOrder) {
    const { value, done } = rows.next();
    if (done === true) break;
    first.push(value);
  }
  const order = orderOf(first);
  const unseenFrames = Math.floor(limits.bridgedSeconds / source.frameSeconds + 1e-6) + 1;
  const open = new Map<string, Map<string, SeenVehicle>>();
  const complete = new Map<string, number>();
  let previous: Sighting | undefined;
  let swept = Number.NEGATIVE_INFINITY;

  function* close(clip: string, vehicles: Iterable<SeenVehicle>): Generator<SeenVehicle> {
    for (const vehicle of vehicles) {
      open.get(clip)!.delete(vehicle.name);
      complete.set(keyOf(clip, vehicle.name), vehicle.frames.at(-1)!);
      yield vehicle;
    }
  }

  for (const row of concatenate(first, rows)) {
    const ofClip = open.get(row.clip) ?? new Map<string, SeenVehicle>();
    open.set(row.clip, ofClip);
    if (previous !== undefined && order !== "none") {
      if (previous.clip !== row.clip) {
        yield* close(previous.clip, [...open.get(previous.clip)!.values()]);
        swept = row.frame;
      } else if (order === "by vehicle" && previous.vehicle !== row.vehicle) {
        yield* close(row.clip, [...ofClip.values()]);
      } else if (order === "by frame") {
        if (row.frame < previous.frame) throw outOfOrder(source.file, row, order);
        if (row.frame - swept > unseenFrames) {
          swept = row.frame;
          yield* close(
            row.clip,
            [...ofClip.values()].filter((vehicle) => row.frame - vehicle.frames.at(-1)! > unseenFrames),
          );
        }
      }
      const last = ofClip.has(row.vehicle) ? undefined : complete.get(keyOf(row.clip, row.vehicle));
      if (last !== undefined && row.frame <= last + unseenFrames) throw outOfOrder(source.file, row, order);
    }
    previous = row;
    append(ofClip, row);
  }
  for (const [clip, vehicles] of open) yield* close(clip, [...vehicles.values()]);
}

const keyOf = (clip: string, vehicle: string): string => `${clip}\n${vehicle}`;

function append(vehicles: Map<string, SeenVehicle>, row: Sighting): void {
  let vehicle = vehicles.get(row.vehicle);
  if (vehicle === undefined) {
    const { clip, length, width } = row;
    vehicle = { clip, name: row.vehicle, length, width, frames: [], x: [], y: [], lanes: [] };
    vehicles.set(row.vehicle, vehicle);
  }
  vehicle.frames.push(row.frame);
  vehicle.x.push(row.x);
  vehicle.y.push(row.y);
  vehicle.lanes.push(row.lane);
}

function* concatenate(first: readonly Sighting[], rest: Iterator<Sighting>): Generator<Sighting> {
  yield* first;
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
}

/** By vehicle when the rows of each stand together, by frame when those of each clip do and no frame falls, else none. */
function orderOf(rows: readonly Sighting[]): RowOrder {
  const vehicles = new Set<string>();
  const clips = new Set<string>();
  let runs = 0;
  let falls = 0;
  let previous: Sighting | undefined;
  for (const row of rows) {
    if (previous?.vehicle !== row.vehicle || previous.clip !== row.clip) runs++;
    if (previous?.clip === row.clip ? row.frame < previous.frame : clips.has(row.clip)) falls++;
    vehicles.add(keyOf(row.clip, row.vehicle));
    clips.add(row.clip);
    previous = row;
  }
  if (runs === vehicles.size) return "by vehicle";
  return falls === 0 ? "by frame" : "none";
}

function outOfOrder(file: string, row: Sighting, order: RowOrder): InputError {
  const expected =
    order === "by vehicle"
      ? "the rows of each vehicle together, as before"
      : "the frames of each clip together and in order, as before";
  return new InputError(
    `${file}, line ${row.line}: expected ${expected}, got vehicle ${row.vehicle} at frame ${row.frame} again; sort the rows.`,
  );
}

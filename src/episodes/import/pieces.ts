import { limits } from "./limits.ts";
import type { SeenVehicle } from "./seen-vehicles.ts";

/** Rows of one vehicle that continue each other, by index, in order of time. */
export type Piece = readonly number[];

/** A vehicle's rows as the pieces that can be one drive each, and what was done to get them, in words. */
export interface Pieces {
  readonly pieces: readonly Piece[];
  readonly repairs: readonly string[];
}

/** A piece under construction and where the last second leads it. */
interface Thread {
  readonly rows: number[];
  /** Index into `rows` of the row that the velocity is measured from. */
  since: number;
}

/**
 * Follows a vehicle through its rows. A row continues the piece that it lies nearest to, if that was seen at most
 * `bridgedSeconds` ago and leads there; else it begins another piece. So a gap that is too long, a jump, and two vehicles
 * under one name each part into pieces, while a lone wrong row becomes a piece of its own, too short to be kept, and is
 * bridged. The same row twice counts once.
 */
export function piecesOf(seen: SeenVehicle, frameSeconds: number): Pieces {
  const { frames, x, y } = seen;
  const order = inOrderOfTime(frames);
  const threads: Thread[] = [];
  const repairs: string[] = [];
  // Those of them that may go on.
  let open: Thread[] = [];
  let previous = order[0];
  let repeated = 0;
  const unseenBefore = (row: number, last: number): number =>
    (frames[row] - frames[last]) * frameSeconds - frameSeconds;
  for (const row of order) {
    const isOver = ({ rows }: Thread): boolean =>
      unseenBefore(row, rows.at(-1)!) > limits.bridgedSeconds + 1e-6;
    if (open.some(isOver)) open = open.filter((thread) => !isOver(thread));
    let nearest: Thread | undefined;
    let nearestMiss = 1;
    let twice = false;
    let why = "";
    if (open.length === 0 && threads.length > 0) {
      why = `unseen for ${unseenBefore(row, previous).toFixed(1)} s before frame ${frames[row]}`;
    }
    // The youngest first.
    for (let i = open.length - 1; i >= 0; i--) {
      const thread = open[i];
      const last = thread.rows.at(-1)!;
      if (frames[row] === frames[last]) {
        const apart = Math.hypot(x[row] - x[last], y[row] - y[last]);
        twice ||= apart <= limits.samePlace;
        why ||= `in two places ${apart.toFixed(1)} m apart at frame ${frames[row]}`;
        continue;
      }
      const miss = missOf(seen, thread, row, frameSeconds);
      if (miss <= nearestMiss) {
        nearest = thread;
        nearestMiss = miss;
      }
      why ||= `jumps off its way at frame ${frames[row]}`;
    }
    if (twice) {
      repeated++;
    } else if (nearest !== undefined) {
      nearest.rows.push(row);
      while ((frames[row] - frames[nearest.rows[nearest.since]]) * frameSeconds > 1) nearest.since++;
    } else {
      if (why !== "") repairs.push(`${why}: another track begins`);
      const thread = { rows: [row], since: 0 };
      threads.push(thread);
      open.push(thread);
    }
    previous = row;
  }
  if (repeated > 0) repairs.push(`counted ${repeated} rows once that stand there twice`);
  for (const { rows } of threads) {
    const unseen = frames[rows.at(-1)!] - frames[rows[0]] + 1 - rows.length;
    if (unseen > 0) repairs.push(`bridged ${unseen} unseen frames`);
  }
  return { pieces: threads.map(({ rows }) => rows), repairs };
}

/** How far a row lies from where a piece leads, as a share of what may be: above 1 it cannot continue it. */
function missOf({ frames, x, y }: SeenVehicle, thread: Thread, row: number, frameSeconds: number): number {
  const last = thread.rows.at(-1)!;
  const since = thread.rows[thread.since];
  const elapsed = (frames[row] - frames[last]) * frameSeconds;
  const measured = (frames[last] - frames[since]) * frameSeconds;
  const aside = Math.abs(y[row] - y[last]) / limits.jumpAcross;
  if (measured === 0) {
    // One row alone leads anywhere ahead that can be reached at all.
    const reach = limits.jumpAlong / 2 + (limits.fastest / 2) * elapsed;
    return Math.max(Math.abs(x[row] - x[last] - (limits.fastest / 2) * elapsed) / reach, aside);
  }
  const speed = (x[last] - x[since]) / measured;
  return Math.max(Math.abs(x[row] - x[last] - speed * elapsed) / limits.jumpAlong, aside);
}

/** Indices by frame; equal frames stay in the order of the file. */
function inOrderOfTime(frames: readonly number[]): number[] {
  const order = frames.map((_, i) => i);
  if (frames.some((frame, i) => i > 0 && frame < frames[i - 1])) order.sort((a, b) => frames[a] - frames[b]);
  return order;
}

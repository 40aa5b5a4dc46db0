import { InputError } from "../../core/index.ts";
import type { Lane, Road } from "../../sim/index.ts";
import type { Recording, Track } from "../recording.ts";
import { createTrack, trackEnd } from "../track.ts";
import { clipCoverage, isNearLaneEnd } from "./clip-coverage.ts";
import type { Imported, VehicleNote } from "./imported.ts";
import { createLaneSurvey } from "./lane-survey.ts";
import { limits } from "./limits.ts";
import { tracksOnTop } from "./overlaps.ts";
import { type Draft, repairVehicle } from "./repair.ts";
import { seenVehicles } from "./seen-vehicles.ts";
import type { Source } from "./sighting.ts";
import { createTrackIds } from "./track-ids.ts";

/** Every recording counts time in tenths of a second. */
const dt = 0.1;
/** Empty frames between clips. */
const pauseFrames = 50;

/**
 * An opened file → a recording, by the rules of this folder's README. Rows are drawn once and let go vehicle by vehicle.
 * @throws InputError when nothing is left to record, and whatever the reader of the format throws.
 */
export function recordingFrom(source: Source): Imported {
  const survey = createLaneSurvey();
  const drafts: Draft[] = [];
  const rejected: VehicleNote[] = [];
  const repaired: VehicleNote[] = [];
  for (const seen of seenVehicles(source)) {
    survey.add(seen);
    const result = repairVehicle(seen, source, dt);
    drafts.push(...result.drafts);
    rejected.push(...result.rejected);
    repaired.push(...result.repairs);
  }
  rejected.push(...(source.leftOut?.() ?? []));
  if (drafts.length === 0) {
    const why =
      rejected[0] === undefined ? "no rows" : `vehicle ${rejected[0].vehicle} ${rejected[0].reason}`;
    throw new InputError(
      `${source.file}: expected at least one vehicle that can be kept, got none (${why}).`,
    );
  }
  const { lanes, drift } =
    source.lanes === undefined ? survey.road() : { lanes: source.lanes, drift: () => 0 };
  const { road, originX, originY } = placeRoad(source, lanes, drafts);
  const clips = clipsOnTimeline(drafts, source.clipOrder?.());
  const idOf = createTrackIds();
  const tracks: Track[] = [];
  const names = new Map<Track, string>();
  // Taken away one by one: of an hour, drafts and tracks together would be held twice.
  drafts.reverse();
  for (let draft = drafts.pop(); draft !== undefined; draft = drafts.pop()) {
    const clipIndex = clips.findIndex(({ name }) => name === draft.clip);
    const { firstFrame, ownFirst } = clips[clipIndex];
    const { length, width } = draft;
    const track = createTrack(
      {
        id: idOf(clipIndex, draft.vehicle),
        length,
        width,
        firstFrame: firstFrame + draft.firstFrame - ownFirst,
        x: draft.x.map((x) => x - originX),
        y: draft.y.map((y, t) => y - drift(draft.x[t]) - originY),
      },
      dt,
    );
    names.set(track, draft.vehicle);
    const aside = besideLanes(track, road);
    if (aside > limits.besideShare) {
      const percent = Math.round(aside * 100);
      rejected.push({
        vehicle: draft.vehicle,
        reason: `is more than ${limits.besideLanes} m beside all lanes for ${percent} % of its time`,
      });
    } else tracks.push(track);
  }
  const { share, seconds } = source.overlap ?? { share: limits.overlapShare, seconds: limits.overlapSeconds };
  const onTop = tracksOnTop(tracks, share, Math.max(1, Math.round(seconds / dt)));
  for (const { gone, kept } of onTop) {
    rejected.push({
      vehicle: names.get(tracks[gone])!,
      reason: `lies on top of vehicle ${names.get(tracks[kept])!}`,
    });
  }
  const away = new Set(onTop.map(({ gone }) => gone));
  const kept = tracks.filter((_, i) => !away.has(i));
  kept.sort((a, b) => a.firstFrame - b.firstFrame || a.id - b.id);
  const coverage = clips.flatMap((clip) => {
    const own = kept.filter(
      (track) => track.firstFrame >= clip.firstFrame && track.firstFrame < clip.endFrame,
    );
    if (source.known === "all on the road") repaired.push(...lateOnes(own, clip, road, names));
    return clipCoverage(clip, own, road, dt, source.known);
  });
  const recording: Recording = {
    name: source.name,
    road,
    dt,
    frames: clips.at(-1)!.endFrame,
    tracks: kept,
    coverage,
    clips: clips.map(({ name, firstFrame, endFrame }) => ({ name, firstFrame, endFrame })),
    provenance: source.provenance,
  };
  return { recording, rejected, repaired };
}

/** The road from 0 to its length, y = 0 on the center of the leftmost lane; where that is in the file's coordinates. */
function placeRoad(
  { name, stretch }: Pick<Source, "name" | "stretch">,
  lanes: readonly Lane[],
  drafts: readonly Draft[],
): { road: Road; originX: number; originY: number } {
  let first = Infinity;
  let last = -Infinity;
  for (const { x } of drafts) {
    first = Math.min(first, x[0]);
    last = Math.max(last, x.at(-1)!);
  }
  // A hair off, so that rounding does not cost a meter.
  const originX = stretch?.start ?? Math.floor(first + 1e-6);
  const length = (stretch?.end ?? Math.ceil(last)) - originX;
  const ordered = lanes.toSorted((a, b) => b.center - a.center);
  const originY = ordered[0].center;
  const within = (x: number): number => Math.min(Math.max(x - originX, 0), length);
  const placed = ordered
    .map((lane) => ({
      center: lane.center === originY ? 0 : lane.center - originY,
      width: lane.width,
      start: within(lane.start),
      end: within(lane.end),
    }))
    .filter((lane) => lane.end > lane.start);
  return { road: { name, length, lanes: placed }, originX, originY };
}

interface TimelineClip {
  readonly name: string;
  readonly firstFrame: number;
  readonly endFrame: number;
  /** The clip's own number of its first frame. */
  readonly ownFirst: number;
}

/** Clips one after the other, empty road between them. */
function clipsOnTimeline(drafts: readonly Draft[], order: readonly string[] | undefined): TimelineClip[] {
  const ranges = new Map<string, { first: number; last: number }>();
  for (const { clip, firstFrame, x } of drafts) {
    const range = ranges.get(clip) ?? { first: Infinity, last: -Infinity };
    ranges.set(clip, range);
    range.first = Math.min(range.first, firstFrame);
    range.last = Math.max(range.last, firstFrame + x.length - 1);
  }
  const clips: TimelineClip[] = [];
  for (const name of order ?? ranges.keys()) {
    const range = ranges.get(name);
    if (range === undefined) continue;
    const previous = clips.at(-1);
    const firstFrame = previous === undefined ? 0 : previous.endFrame + pauseFrames;
    clips.push({
      name,
      firstFrame,
      endFrame: firstFrame + range.last - range.first + 1,
      ownFirst: range.first,
    });
  }
  return clips;
}

/** The share of its time that a track is farther than `limits.besideLanes` beside every lane. */
function besideLanes(track: Track, road: Road): number {
  let beside = 0;
  for (let t = 0; t < track.x.length; t++) {
    const near = road.lanes.some(
      ({ center, width }) => Math.abs(track.y[t] - center) <= width / 2 + limits.besideLanes,
    );
    if (!near) beside++;
  }
  return beside / track.x.length;
}

/** Vehicles that come into sight in mid-road, and that leave it there. */
function lateOnes(
  tracks: readonly Track[],
  clip: TimelineClip,
  road: Road,
  names: ReadonlyMap<Track, string>,
): VehicleNote[] {
  const notes: VehicleNote[] = [];
  for (const track of tracks) {
    const vehicle = names.get(track)!;
    const last = track.x.length - 1;
    const unknown = `the road there counts as unseen for ${limits.overlookedSeconds} s`;
    if (track.firstFrame > clip.firstFrame && !isNearLaneEnd(track, 0, road)) {
      notes.push({ vehicle, reason: `comes into sight at ${track.x[0].toFixed(0)} m: ${unknown} before` });
    }
    if (trackEnd(track) < clip.endFrame && !isNearLaneEnd(track, last, road)) {
      notes.push({ vehicle, reason: `is lost at ${track.x[last].toFixed(0)} m: ${unknown} after` });
    }
  }
  return notes;
}

import { frameSeconds as dt, InputError } from "../../core/index.ts";
import type { Recording, Track } from "../recording.ts";
import { createTrack } from "../track.ts";
import { clipCoverage } from "./clip-coverage.ts";
import type { Imported } from "./imported.ts";
import { createLaneSurvey } from "./lane-survey.ts";
import { limits } from "./limits.ts";
import { noteMidRoad } from "./mid-road.ts";
import { createNotes, type Notes } from "./notes.ts";
import { tracksOnTop } from "./overlaps.ts";
import { type PlacedRoad, placeRoad, shareBesideLanes } from "./placed-road.ts";
import { type Draft, repairVehicle } from "./repair.ts";
import { seenVehicles } from "./seen-vehicles.ts";
import type { Source } from "./sighting.ts";
import { clipsOnTimeline, type TimelineClip } from "./timeline.ts";
import { createTrackIds } from "./track-ids.ts";

/**
 * An opened file → a recording, by the rules of this folder's README. Rows are drawn once and let go vehicle by vehicle.
 * @throws InputError when nothing is left to record, and whatever the reader of the format throws.
 */
export function recordingFrom(source: Source): Imported {
  const notes = createNotes();
  const survey = createLaneSurvey();
  const drafts: Draft[] = [];
  for (const seen of seenVehicles(source)) {
    survey.add(seen);
    drafts.push(...repairVehicle(seen, source, dt, notes));
  }
  for (const { clip, vehicle, reason } of source.leftOut?.() ?? []) notes.reject(clip, vehicle, reason);
  if (drafts.length === 0) throw nothingKept(source.file, notes);
  const surveyed = source.lanes === undefined ? survey.road() : { lanes: source.lanes, drift: () => 0 };
  const placed = placeRoad(source, surveyed, drafts);
  const clips = clipsOnTimeline(drafts, source.clipOrder?.());
  const { tracks, names } = createTracks(drafts, placed, clips, notes);
  const kept = withoutDoubles(tracks, names, clips, source.overlap, notes);
  if (kept.length === 0) throw nothingKept(source.file, notes);
  const coverage = clips.flatMap((clip) => {
    const own = kept.filter((track) => clipOf(track, clips) === clip);
    if (source.known === "all on the road") noteMidRoad(own, clip, placed.road, names, notes);
    return clipCoverage(clip, own, placed.road, dt, source.known);
  });
  const recording: Recording = {
    name: source.name,
    road: placed.road,
    dt,
    frames: clips.at(-1)!.endFrame,
    tracks: kept,
    coverage,
    clips: clips.map(({ name, firstFrame, endFrame }) => ({ name, firstFrame, endFrame })),
    provenance: source.provenance,
  };
  return { recording, ...notes.told(clips.length > 1) };
}

function nothingKept(file: string, notes: Notes): InputError {
  const [first] = notes.told(false).rejected;
  const why = first === undefined ? "no rows" : `vehicle ${first.vehicle} ${first.reason}`;
  return new InputError(`${file}: expected at least one vehicle that can be kept, got none (${why}).`);
}

/** Puts drafts on road and timeline, and takes them away one by one: of an hour, both together would be held twice. */
function createTracks(
  drafts: Draft[],
  { road, place }: PlacedRoad,
  clips: readonly TimelineClip[],
  notes: Notes,
): { readonly tracks: Track[]; readonly names: ReadonlyMap<Track, string> } {
  const idOf = createTrackIds();
  const tracks: Track[] = [];
  const names = new Map<Track, string>();
  drafts.reverse();
  for (let draft = drafts.pop(); draft !== undefined; draft = drafts.pop()) {
    const { clip, vehicle, length, width } = draft;
    const clipIndex = clips.findIndex(({ name }) => name === clip);
    const firstFrame = clips[clipIndex].firstFrame + draft.firstFrame - clips[clipIndex].ownFirst;
    const id = idOf(clipIndex, vehicle);
    const track = createTrack({ id, length, width, firstFrame, ...place(draft) }, dt);
    const aside = shareBesideLanes(track, road);
    if (aside > limits.besideShare) {
      const percent = `${Math.round(aside * 100)} % of its time`;
      notes.reject(clip, vehicle, `is more than ${limits.besideLanes} m beside all lanes for ${percent}`);
      continue;
    }
    names.set(track, vehicle);
    tracks.push(track);
  }
  return { tracks, names };
}

/** Tracks in order of time, less those that lie on top of a longer one. */
function withoutDoubles(
  tracks: readonly Track[],
  names: ReadonlyMap<Track, string>,
  clips: readonly TimelineClip[],
  overlap: Source["overlap"],
  notes: Notes,
): Track[] {
  const { share, seconds } = overlap ?? { share: limits.overlapShare, seconds: limits.overlapSeconds };
  const doubles = tracksOnTop(tracks, share, Math.max(1, Math.round(seconds / dt)));
  for (const { gone, kept } of doubles) {
    const [track, other] = [tracks[gone], tracks[kept]];
    notes.reject(clipOf(track, clips).name, names.get(track)!, `lies on top of vehicle ${names.get(other)!}`);
  }
  const away = new Set(doubles.map(({ gone }) => gone));
  return tracks.filter((_, i) => !away.has(i)).sort((a, b) => a.firstFrame - b.firstFrame || a.id - b.id);
}

const clipOf = (track: Track, clips: readonly TimelineClip[]): TimelineClip =>
  clips.find((clip) => track.firstFrame < clip.endFrame)!;

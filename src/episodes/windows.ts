import { boxesOverlap, InputError, type Pose, type Rng } from "../core/index.ts";
import {
  boxOf,
  channelCount,
  copyVehicle,
  createRenderer,
  createTraffic,
  type PixelSpec,
  type Renderer,
  type Road,
  type Traffic,
} from "../sim/index.ts";
import { createFrameReader, type FrameReader } from "./frame-reader.ts";
import type { Recording, Track } from "./recording.ts";
import type { FrameRange } from "./split.ts";
import { isCovered } from "./coverage.ts";

/** A recording, the frames of it that may be used, and how often it is drawn relative to the others. */
export interface WindowSource {
  readonly recording: Recording;
  readonly range: FrameRange;
  readonly weight: number;
}

/** One window: the vehicle taken as ego and the frame called "now". */
export interface WindowStart {
  readonly source: number;
  readonly track: Track;
  readonly trackIndex: number;
  readonly frame: number;
}

export interface WindowNeeds {
  /** Frames before and after "now" that must be recorded and covered, as "now" must. */
  readonly pastFrames: number;
  readonly futureFrames: number;
  /** Half of the stretch of road that must be covered around the ego [m]. */
  readonly margin: number;
}

/** Draws windows uniformly over the valid (vehicle, frame) pairs of each source, without listing them all. */
export interface WindowSampler {
  /** Number of valid (vehicle, frame) pairs, per source. */
  readonly counts: readonly number[];
  draw(rng: Rng): WindowStart;
  /** Frames of the window's track before "now" that may be used. */
  framesBefore(start: WindowStart): number;
  roadOf(start: WindowStart): Road;
  /** A traffic that has room for every frame of the window's recording. */
  createTraffic(start: WindowStart): Traffic;
  /** Who is near `x` [m] at `frame` of the window's recording, without its ego. */
  look(start: WindowStart, frame: number, x: number, into: Traffic): void;
  /** Whether the road within `needs.margin` of `x` [m] was seen at `frame` of the window's recording. */
  sees(start: WindowStart, frame: number, x: number): boolean;
  /** Renders what is seen from `view` at `frame` of the window's recording, without its ego; see `Renderer.render`. */
  render(start: WindowStart, frame: number, view: Pose, out: Uint8Array, offset: number): void;
  /**
   * As `render`, `seconds` after `frame`, if everyone had gone on straight from there with the speed of then.
   * @param shown only those who were in the picture from there at `frame`
   */
  renderCoasted(
    start: WindowStart,
    frame: number,
    seconds: number,
    view: Pose,
    out: Uint8Array,
    offset: number,
    shown?: Pose,
  ): void;
  /** Renders the ego's own rectangle, [H, W]. */
  renderEgo(start: WindowStart, out: Uint8Array, offset: number): void;
}

const longestVehicle = 25;

interface Run {
  readonly trackIndex: number;
  readonly firstFrame: number;
  /** Valid frames in this source before this run. */
  readonly before: number;
}

interface SourceIndex {
  readonly reader: FrameReader;
  readonly renderer: Renderer;
  readonly traffic: Traffic;
  readonly runs: readonly Run[];
  readonly count: number;
}

/**
 * Prepares the index of valid windows. Memory: one entry per run of valid frames, not per window.
 * @throws InputError for a road that bends: what is learned from windows moves its ego and its world along straight lines.
 */
export function createWindowSampler(
  sources: readonly WindowSource[],
  needs: WindowNeeds,
  spec: PixelSpec,
): WindowSampler {
  for (const { recording } of sources) {
    if (recording.road.bend === undefined) continue;
    throw new InputError(
      `expected recordings of straight roads to draw windows from, got ${recording.name}, whose road (${recording.road.name}) bends.`,
    );
  }
  // Half the grid, and the longest vehicle whose center may lie outside it.
  const reach = (spec.height * spec.metersPerRow + spec.width * spec.metersPerColumn) / 2 + longestVehicle;
  const indices = sources.map((source) => indexSource(source, needs, spec));
  const usable = sources.map((source, i) => (indices[i]!.count > 0 ? source.weight : 0));
  const totalWeight = usable.reduce((sum, weight) => sum + weight, 0);
  return {
    counts: indices.map((index) => index.count),
    draw(rng) {
      let target = rng.uniform() * totalWeight;
      let source = usable.findIndex((weight) => (target -= weight) < 0);
      if (source < 0) source = usable.findLastIndex((weight) => weight > 0);
      const index = indices[source]!;
      const position = rng.integer(index.count);
      const run = index.runs[lastRunBefore(index.runs, position)]!;
      const track = sources[source]!.recording.tracks[run.trackIndex]!;
      return { source, track, trackIndex: run.trackIndex, frame: run.firstFrame + position - run.before };
    },
    framesBefore({ source, track, frame }) {
      return frame - Math.max(track.firstFrame, sources[source]!.range.firstFrame);
    },
    roadOf: ({ source }) => sources[source]!.recording.road,
    createTraffic: ({ source }) => createTraffic(indices[source]!.reader.capacity),
    look({ source, trackIndex }, frame, x, into) {
      indices[source]!.reader.readAround(frame, into, x, reach, trackIndex);
    },
    sees({ source }, frame, x) {
      return isCovered(sources[source]!.recording, frame, x - needs.margin, x + needs.margin);
    },
    render(start, frame, view, out, offset) {
      const { reader, renderer, traffic } = indices[start.source]!;
      reader.readAround(frame, traffic, view.x, reach, start.trackIndex);
      renderer.render(view, traffic, -1, out, offset);
    },
    renderCoasted(start, frame, seconds, view, out, offset, shown) {
      const { reader, renderer, traffic } = indices[start.source]!;
      reader.readAround(frame, traffic, view.x, Number.POSITIVE_INFINITY, start.trackIndex);
      if (shown !== undefined) keepShown(traffic, spec, shown);
      for (let i = 0; i < traffic.count; i++) {
        const travelled = traffic.speed[i]! * seconds;
        traffic.x[i] = traffic.x[i]! + travelled * Math.cos(traffic.heading[i]!);
        traffic.y[i] = traffic.y[i]! + travelled * Math.sin(traffic.heading[i]!);
      }
      renderer.render(view, traffic, -1, out, offset);
    },
    renderEgo(start, out, offset) {
      indices[start.source]!.renderer.renderEgo(start.track, out, offset);
    },
  };
}

/** Drops everyone who is not in the picture from `view`. */
function keepShown(traffic: Traffic, spec: PixelSpec, view: Pose): void {
  const picture = {
    ...view,
    length: spec.height * spec.metersPerRow,
    width: spec.width * spec.metersPerColumn,
  };
  let kept = 0;
  for (let i = 0; i < traffic.count; i++) {
    if (!boxesOverlap(picture, boxOf(traffic, i))) continue;
    copyVehicle(traffic, i, traffic, kept++);
  }
  traffic.count = kept;
}

/** Bytes of one pixel state, [H, W, C]. */
export function pixelStateBytes(spec: PixelSpec): number {
  return spec.height * spec.width * channelCount;
}

function indexSource({ recording, range }: WindowSource, needs: WindowNeeds, spec: PixelSpec): SourceIndex {
  const reader = createFrameReader(recording);
  const runs: Run[] = [];
  let count = 0;
  recording.tracks.forEach((track, trackIndex) => {
    const seen = (frame: number): boolean => {
      const x = track.x[frame - track.firstFrame]!;
      return isCovered(recording, frame, x - needs.margin, x + needs.margin);
    };
    const first = Math.max(track.firstFrame, range.firstFrame);
    const end = Math.min(track.firstFrame + track.x.length, range.endFrame);
    let seenInRow = 0;
    let open: number | null = null;
    for (let newest = first; newest <= end; newest++) {
      seenInRow = newest < end && seen(newest) ? seenInRow + 1 : 0;
      const frame = newest - needs.futureFrames;
      if (seenInRow > needs.pastFrames + needs.futureFrames) open ??= frame;
      else if (open !== null) {
        runs.push({ trackIndex, firstFrame: open, before: count });
        count += frame - open;
        open = null;
      }
    }
  });
  const renderer = createRenderer(spec, recording.road);
  return { reader, renderer, traffic: createTraffic(reader.capacity), runs, count };
}

function lastRunBefore(runs: readonly Run[], position: number): number {
  let low = 0;
  let high = runs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (runs[middle]!.before <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

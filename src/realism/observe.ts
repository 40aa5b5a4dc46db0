import { type FrameRange, isCovered, type Recording, trackEnd } from "../episodes/index.ts";
import { laneAt } from "../sim/index.ts";
import { findLaneChanges } from "./lane-changes.ts";
import type { QuantityName } from "./quantities.ts";
import { addTo, createSample, type GrowingSample, type Sample } from "./sample.ts";

/** Which part of a recording is looked at. */
export interface ObservedPart {
  readonly recording: Recording;
  readonly range: FrameRange;
  /** Lanes 0 up to, not including, this one: the main lanes, without those that begin and end at ramps. */
  readonly mainLanes: number;
  /** [m] along the road. */
  readonly stretch: readonly [number, number];
}

/** Everything that is measured of some traffic. */
export interface Observation {
  readonly samples: { readonly [Name in QuantityName]: Sample };
  /** Lane changes and distance driven [m] of each vehicle. */
  readonly changes: readonly number[];
  readonly meters: readonly number[];
}

/** Frames between two looks: half a second at 10 Hz. */
const lookFrames = 5;
/** A leader counts up to this gap [m]; the road must be seen so far ahead. */
export const longestGap = 60;
const longestVehicle = 20;
/** Below this speed a time gap says nothing [m/s]. */
const slowest = 2;
/** Cells of the fundamental diagram. */
const cellMeters = 50;
const cellFrames = 50;

interface Present {
  readonly vehicle: number;
  readonly x: number;
  readonly speed: number;
  readonly length: number;
}

export function observe(part: ObservedPart): Observation {
  const { recording, range, mainLanes, stretch } = part;
  const { dt, road, tracks } = recording;
  const samples = {
    speed: createSample(),
    acceleration: createSample(),
    timeGap: createSample(),
    gap: createSample(),
    closingSpeed: createSample(),
    changeDuration: createSample(),
    density: createSample(),
    flow: createSample(),
  };
  const members = tracks.flatMap((track, index) =>
    track.firstFrame < range.endFrame && trackEnd(track) > range.firstFrame ? [index] : [],
  );
  const changes: number[] = [];
  const meters: number[] = [];
  members.forEach((trackIndex, vehicle) => {
    const found = findLaneChanges(recording, trackIndex, part);
    for (const { seconds } of found.changes)
      if (seconds !== null) addTo(samples.changeDuration, seconds, vehicle);
    changes.push(found.changes.length);
    meters.push(found.meters);
  });

  const lanes: Present[][] = Array.from({ length: mainLanes }, () => []);
  const cells = createCells(part, samples.density, samples.flow);
  for (let frame = range.firstFrame; frame < range.endFrame; frame += lookFrames) {
    for (const lane of lanes) lane.length = 0;
    members.forEach((trackIndex, vehicle) => {
      const track = tracks[trackIndex];
      const t = frame - track.firstFrame;
      if (t < 0 || t >= track.x.length) return;
      const x = track.x[t]!;
      const laneIndex = laneAt(road, x, track.y[t]!);
      if (laneIndex < 0 || laneIndex >= mainLanes) return;
      const speed = track.speed[t]!;
      lanes[laneIndex].push({ vehicle, x, speed, length: track.length });
      if (x < stretch[0] || x > stretch[1]) return;
      addTo(samples.speed, speed, vehicle);
      // The last two speeds of a track repeat each other.
      if (t >= lookFrames && t < track.x.length - 1) {
        addTo(samples.acceleration, (speed - track.speed[t - lookFrames]!) / (lookFrames * dt), vehicle);
      }
    });
    lanes.forEach((lane, laneIndex) => {
      lane.sort((a, b) => b.x - a.x);
      cells.look(frame, laneIndex, lane);
      for (let place = 1; place < lane.length; place++) {
        const own = lane[place];
        const leader = lane[place - 1];
        if (own.x < stretch[0] || own.x > stretch[1]) continue;
        const gap = leader.x - own.x - (own.length + leader.length) / 2;
        if (gap > longestGap || !isCovered(recording, frame, own.x, own.x + longestGap + longestVehicle))
          continue;
        addTo(samples.gap, gap, own.vehicle);
        addTo(samples.closingSpeed, own.speed - leader.speed, own.vehicle);
        if (own.speed > slowest) addTo(samples.timeGap, gap / own.speed, own.vehicle);
      }
    });
  }
  return { samples, changes, meters };
}

/** Flow and density by Edie's definitions, per lane; a cell that was not seen from end to end is left out. */
function createCells(
  { recording, range, stretch }: ObservedPart,
  density: GrowingSample,
  flow: GrowingSample,
) {
  const columns = Math.floor((stretch[1] - stretch[0]) / cellMeters);
  const looks = cellFrames / lookFrames;
  const sums = new Map<string, { looks: number; vehicles: number; speed: number }>();
  return {
    look(frame: number, laneIndex: number, lane: readonly Present[]): void {
      const slice = Math.floor((frame - range.firstFrame) / cellFrames);
      for (let column = 0; column < columns; column++) {
        const start = stretch[0] + column * cellMeters;
        if (!isCovered(recording, frame, start, start + cellMeters)) continue;
        const key = `${slice} ${column} ${laneIndex}`;
        const cell = sums.get(key) ?? { looks: 0, vehicles: 0, speed: 0 };
        sums.set(key, cell);
        cell.looks++;
        for (const { x, speed } of lane) {
          if (x < start || x >= start + cellMeters) continue;
          cell.vehicles++;
          cell.speed += speed;
        }
        if (cell.looks === looks) {
          const perKilometer = 1000 / cellMeters / looks;
          // Cells of one slice of time share their traffic: they are drawn together.
          addTo(density, cell.vehicles * perKilometer, slice);
          addTo(flow, cell.speed * perKilometer * 3.6, slice);
        }
      }
    },
  };
}

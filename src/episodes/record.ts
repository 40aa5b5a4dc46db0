import type { ParameterChange, Simulation } from "../sim/index.ts";
import type { Recording, Track } from "./recording.ts";
import { createTrack } from "./track.ts";

export interface RecordOptions {
  readonly name: string;
  /** Driven before the first recorded frame, so that the road is full [s]. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly provenance: string;
  /** Parameters of the traffic that change while it is recorded, each from a frame on; in order of frames. */
  readonly changes?: readonly { readonly frame: number; readonly parameters: ParameterChange }[];
  /** Told now and then how much is done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

interface Builder {
  readonly firstFrame: number;
  readonly length: number;
  readonly width: number;
  readonly x: number[];
  readonly y: number[];
}

const progressEvery = 100;

/** Runs a simulation and keeps every vehicle's track: one clip, the whole road covered. */
export function record(simulation: Simulation, options: RecordOptions): Recording {
  const { dt, road, traffic } = simulation;
  const warmUpFrames = Math.round(options.warmUpSeconds / dt);
  const frames = Math.round(options.seconds / dt);
  const builders = new Map<number, Builder>();
  const changes = options.changes ?? [];
  let changed = 0;
  for (let step = 0; step < warmUpFrames + frames; step++) {
    if (step > 0) simulation.step();
    // A change at a frame shows in what follows it.
    while (changed < changes.length && changes[changed].frame <= step - warmUpFrames) {
      simulation.change(changes[changed++].parameters);
    }
    if (step % progressEvery === 0) options.onProgress?.(step / (warmUpFrames + frames));
    const frame = step - warmUpFrames;
    if (frame < 0) continue;
    for (let i = 0; i < traffic.count; i++) {
      const id = traffic.id[i];
      let builder = builders.get(id);
      if (builder === undefined) {
        builder = { firstFrame: frame, length: traffic.length[i], width: traffic.width[i], x: [], y: [] };
        builders.set(id, builder);
      }
      if (builder.firstFrame + builder.x.length !== frame) {
        throw new Error(`vehicle ${id} came back at frame ${frame}: an id must not be used twice`);
      }
      builder.x.push(traffic.x[i]);
      builder.y.push(traffic.y[i]);
    }
  }
  const tracks: Track[] = [];
  for (const [id, { firstFrame, length, width, x, y }] of builders) {
    // A single position has neither speed nor heading.
    if (x.length < 2) continue;
    tracks.push(
      createTrack(
        { id, firstFrame, length, width, x: Float64Array.from(x), y: Float64Array.from(y) },
        dt,
        road.bend,
      ),
    );
  }
  options.onProgress?.(1);
  return {
    name: options.name,
    road,
    dt,
    frames,
    tracks,
    coverage: [{ firstFrame: 0, endFrame: frames, start: 0, end: road.length }],
    clips: [{ name: options.name, firstFrame: 0, endFrame: frames }],
    provenance: options.provenance,
  };
}

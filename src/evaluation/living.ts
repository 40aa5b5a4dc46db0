import type { Rng } from "../core/index.ts";
import {
  createHandOverDesk,
  trackEnd,
  type FrameReader,
  type HandOverDesk,
  type Recording,
} from "../episodes/index.ts";
import { copyVehicle, defaultPopulation, type HandedTraffic } from "../sim/index.ts";
import { createCopy, type Copy } from "./copies.ts";
import type { Start } from "./protocol.ts";
import type { Others, Surroundings } from "./surroundings.ts";

export interface LivingOptions {
  readonly recording: Recording;
  readonly reader: FrameReader;
  /** Part of the other vehicles that copies of the driver drive, 0 to 1. */
  readonly selfShare: number;
  /** The same stream gives the same people, surprises and choice of copies, whoever drives. */
  readonly rng: Rng;
}

/** Up to the take-over the record, from there on simulated drivers who see the ego, and copies of its driver. */
export function createLiving(options: LivingOptions): Others {
  const { recording, reader, selfShare, rng } = options;
  const desk = createHandOverDesk(recording, reader, defaultPopulation, rng.fork("people"));
  return {
    mode: selfShare > 0 ? "self" : "reactive",
    surround: (start) => surround(options, desk, start, rng.fork(`start ${start.track} at ${start.frame}`)),
  };
}

function surround(
  { recording, reader, selfShare }: LivingOptions,
  desk: HandOverDesk,
  start: Start,
  rng: Rng,
): Surroundings {
  const firstFrame = start.frame - start.warmUpFrames;
  const around = recording.tracks.flatMap((track, index) =>
    track.firstFrame <= start.endFrame && trackEnd(track) > firstFrame ? [index] : [],
  );
  const chosen = around.filter(
    (index) =>
      selfShare > 0 &&
      index !== start.track &&
      trackEnd(recording.tracks[index]) > start.frame &&
      rng.fork(`copy ${recording.tracks[index].id}`).uniform() < selfShare,
  );
  const capacity = around.length;
  const copies = chosen.map((index) => createCopy(recording, index, capacity));
  const scenes = copies.map((copy) => copy.scene);
  let frame = firstFrame;
  let world: HandedTraffic | null = null;
  const handOverWhenTime = (): void => {
    if (frame !== start.frame) return;
    world = desk.handOver({
      frame,
      endFrame: start.endFrame,
      guests: [start.track, ...chosen],
      rng: rng.fork("hand-over"),
    });
  };
  const showCopies = (): void => {
    copies.forEach((copy, c) => {
      if (world === null) copy.readRecord(reader, frame);
      else copy.readTraffic(world.traffic, world.indexOfGuest(c + 1), frame);
      scenes[c] = copy.scene;
    });
  };
  const removeCrashed = (living: HandedTraffic): void => {
    copies.forEach((copy, c) => {
      if (!copy.crashes()) return;
      living.removeGuest(c + 1);
      scenes[c] = null;
    });
  };
  handOverWhenTime();
  showCopies();

  return {
    capacity,
    copyIds: chosen.map((index) => recording.tracks[index].id),
    copies: scenes,
    look(into, x, range) {
      if (world === null) {
        reader.readAround(frame, into, x, range, start.track);
        return;
      }
      const { traffic } = world;
      const ego = world.indexOfGuest(0);
      into.count = 0;
      for (let i = 0; i < traffic.count; i++) {
        if (i !== ego && Math.abs(traffic.x[i] - x) <= range) copyVehicle(traffic, i, into, into.count++);
      }
    },
    move(action, ofCopies) {
      frame++;
      if (world === null) handOverWhenTime();
      else {
        Object.assign(world.actions[0], action);
        ofCopies.forEach((ofCopy, c) => Object.assign(world!.actions[c + 1], ofCopy));
        world.step();
      }
      showCopies();
      if (world !== null) removeCrashed(world);
    },
    outcome: () => ({
      copies: count(copies, (copy) => copy.hasDriven),
      copiesCollided: count(copies, (copy) => copy.end === "collided"),
      copiesOffRoad: count(copies, (copy) => copy.end === "offRoad"),
      trafficCollisions: world?.collisions ?? 0,
    }),
  };
}

const count = (copies: readonly Copy[], is: (copy: Copy) => boolean): number => copies.filter(is).length;

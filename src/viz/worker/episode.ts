import { createRng, type Rng } from "../../core/index.ts";
import { stateAt, type Recording } from "../../episodes/index.ts";
import { createLiving, createReplay, createRun, type Start } from "../../evaluation/index.ts";
import {
  channelCount,
  copyVehicle,
  createRenderer,
  createSafetyNumbers,
  createTraffic,
  measureSafety,
  pixelSpecs,
  roadSteering,
  unbentScene,
  type Scene,
} from "../../sim/index.ts";
import type { EpisodeInfo, EpisodeRequest, Snapshot } from "../protocol.ts";
import type { ReadyDriver } from "./drivers.ts";
import type { Note } from "./imaginer.ts";
import { packTraffic } from "./pack.ts";
import type { ReadyTraffic } from "./traffic.ts";

/** One ego driven through traffic, frame by frame, by the code that evaluates drivers. */
export interface LiveEpisode {
  readonly info: EpisodeInfo;
  /** The next frame; null after the last. */
  next(): Snapshot | null;
  /** What there is to remember of the frames since it was last asked: who imagines may come late. */
  takeNotes(): Note[];
  dispose(): void;
}

/** What the page shows of an ego's view, whoever drives. */
const spec = pixelSpecs.laptop;

/** Part of the others that copies drive in mode `self`: enough to meet some at any time. */
const selfShare = 0.2;

/** @param startIndex which of the traffic's starts. */
export function openEpisode(
  { recording, reader, starts, place, parameters }: ReadyTraffic,
  startIndex: number,
  { driver, tensors, mind }: ReadyDriver,
  rng: Rng,
  request: EpisodeRequest,
): LiveEpisode {
  const start = starts[startIndex];
  const track = recording.tracks[start.track];
  const living = request.mode !== "replay";
  const others = living
    ? createLiving({
        recording,
        reader,
        selfShare: request.mode === "self" ? selfShare : 0,
        rng: createRng(request.seed).fork(`others of ${request.traffic}`),
      })
    : createReplay(reader);
  const run = createRun({ recording, reader, starts: [start], driver, rng, others });
  const episode = run.episodes[0];
  const renderer = createRenderer(spec, recording.road);
  // The driver sees its surroundings; the page draws everyone.
  const everyone = createTraffic(episode.capacity);
  const safety = createSafetyNumbers();
  const firstFrame = start.frame - start.warmUpFrames;
  let notes: Note[] = [];
  let begun = false;
  let ended = false;

  return {
    info: {
      request,
      start: startIndex,
      starts: starts.length,
      place,
      road: recording.road,
      dt: recording.dt,
      firstFrame,
      // Living traffic has left the record that parameters change.
      parameters: living ? null : parameters,
      copyIds: episode.copyIds,
      leadIn: start.warmUpFrames,
      humanFrames: start.warmUpFrames + start.humanFrames + 1,
      goalX: start.goalX,
      ego: { length: track.length, width: track.width },
      human: humanPath(recording, start),
      view: spec,
    },
    next() {
      if (ended) return null;
      if (begun) run.move();
      begun = true;
      run.decide();
      const { scene, result, frame } = episode;
      ended = result !== null;
      episode.readEveryone(everyone);
      const pixels = new Uint8Array(spec.height * spec.width * channelCount);
      renderer.render(scene.ego, scene.traffic, -1, pixels, 0);
      measureSafety(scene.ego, scene.shape, scene.traffic, safety);
      const { gap, timeGap, timeToCollision, requiredDeceleration } = safety;
      const { acceleration, steering } = (episode.takenOver ? null : scene.recordedAction) ?? run.actions[0];
      if (mind !== null && !ended) {
        const decided = { acceleration, steering: steering - roadSteering(scene) };
        notes.push({
          frame: frame - firstFrame,
          sinceTakeOver: frame - start.frame,
          scene: keptScene(unbentScene(scene)),
          intent: episode.takenOver ? mind.intent(decided) : null,
        });
      }
      return {
        frame: frame - firstFrame,
        ...packTraffic(everyone),
        ego: { ...scene.ego, acceleration, steering },
        pixels,
        costs: tensors?.pixelStateCosts(pixels, spec, track, scene.ego.speed) ?? {},
        ahead: { gap, timeGap, timeToCollision, requiredDeceleration },
        verdict:
          result === null
            ? null
            : { cause: result.cause, distance: result.distance, seconds: result.seconds },
      };
    },
    takeNotes() {
      const taken = notes;
      notes = [];
      return taken;
    },
    dispose: () => run.dispose(),
  };
}

/** A scene of its own, which stays as it is when the episode goes on. */
function keptScene(scene: Scene): Scene {
  const { count } = scene.traffic;
  const traffic = createTraffic(count);
  for (let i = 0; i < count; i++) copyVehicle(scene.traffic, i, traffic, i);
  traffic.count = count;
  return { ...scene, traffic, ego: { ...scene.ego } };
}

/** x, y and speed of the recorded human at each frame from the first on. */
function humanPath(recording: Recording, start: Start): Float32Array {
  const track = recording.tracks[start.track];
  const frames = start.warmUpFrames + start.humanFrames + 1;
  const path = new Float32Array(3 * frames);
  const state = { x: 0, y: 0, heading: 0, speed: 0 };
  for (let i = 0; i < frames; i++) {
    stateAt(track, start.frame - start.warmUpFrames + i, state);
    path.set([state.x, state.y, state.speed], 3 * i);
  }
  return path;
}

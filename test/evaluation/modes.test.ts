import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createFrameReader, decodeRecording, record, type Recording } from "../../src/episodes/index.ts";
import {
  createEpisode,
  createLiving,
  createReplay,
  createRun,
  findStarts,
  modes,
  runEpisodes,
  type EpisodeResult,
  type Mode,
  type Others,
  type Start,
} from "../../src/evaluation/index.ts";
import {
  createIdmDriver,
  createRecordedDriver,
  createSimulation,
  scenarios,
  type Driver,
  type Traffic,
} from "../../src/sim/index.ts";
import { car, recordingOf, steady } from "../episodes/fixture.ts";
import { ruleDriver } from "./drivers.ts";

const us101 = decodeRecording(
  readFileSync(new URL("../../data/recordings/us101.recording", import.meta.url)),
  "us101.recording",
);
const dense = record(createSimulation(scenarios.dense, createRng(5)), {
  name: "dense",
  warmUpSeconds: 60,
  seconds: 75,
  provenance: "a test",
});

function othersOf(recording: Recording, mode: Mode, selfShare = 0.3, seed = 1): Others {
  const reader = createFrameReader(recording);
  if (mode === "replay") return createReplay(reader);
  return createLiving({
    recording,
    reader,
    selfShare: mode === "self" ? selfShare : 0,
    rng: createRng(seed).fork("others"),
  });
}

const startsOf = (recording: Recording, limit: number): Start[] =>
  findStarts(recording, { firstFrame: 0, endFrame: recording.frames }, { rng: createRng(1), limit });

const statesOf = ({ count, id, x, y, heading, speed }: Traffic): number[][] =>
  Array.from({ length: count }, (_, i) => [id[i], x[i], y[i], heading[i], speed[i]]);

const nothing = { acceleration: 0, steering: 0 };

describe("every mode", () => {
  test.each([
    ["us101", us101],
    ["dense", dense],
  ] as const)("begins %s with the same bits", (_, recording) => {
    for (const start of startsOf(recording, 4)) {
      const [replay, ...living] = modes.map((mode) => {
        const episode = createEpisode(recording, othersOf(recording, mode), start);
        const copies = episode.copies.map(() => nothing);
        while (!episode.takenOver) episode.move(nothing, copies);
        return [{ ...episode.scene.ego }, statesOf(episode.scene.traffic)];
      });
      for (const begun of living) expect(begun).toEqual(replay);
    }
  });

  test.each(modes)(
    "gives the same results again in mode %s, and the egos the same traffic whoever drove before",
    (mode) => {
      const starts = startsOf(us101, 4);
      const drive = (others: Others, driver: Driver): EpisodeResult[] =>
        runEpisodes({ recording: us101, starts, driver, rng: createRng(2), others });
      const first = drive(othersOf(us101, mode), createIdmDriver());
      const others = othersOf(us101, mode);
      drive(others, createRecordedDriver());
      expect(drive(others, createIdmDriver())).toEqual(first);
    },
  );

  test("moves the ego alike under the same actions", () => {
    const pathOf = (mode: Mode): number[][] => {
      const start = startsOf(us101, 1)[0];
      const episode = createEpisode(us101, othersOf(us101, mode), start);
      const copies = episode.copies.map(() => nothing);
      const path: number[][] = [];
      for (let k = 0; k < 30 && episode.result === null; k++) {
        episode.move({ acceleration: 0.4, steering: 1e-4 }, copies);
        path.push(Object.values(episode.scene.ego));
      }
      return path;
    };
    const [replay, reactive] = [pathOf("replay"), pathOf("reactive")];
    const shared = Math.min(replay.length, reactive.length);
    expect(shared).toBeGreaterThan(10);
    expect(reactive.slice(0, shared)).toEqual(replay.slice(0, shared));
  });
});

describe("reactive traffic", () => {
  const ego = car(1, { x: 40 }, steady(20, 240));
  const follower = car(3, { x: 20 }, steady(20, 240));
  const late = car(99, { x: 0, y: -7.4 }, steady(0.5, 900));
  const recording = recordingOf([ego, follower, late]);
  const start = startsOf(recording, 9).find(({ track }) => track === 0)!;
  const braking = () => ruleDriver(() => ({ acceleration: -2, steering: 0 }));
  const drive = (mode: Mode): EpisodeResult =>
    runEpisodes({
      recording,
      starts: [start],
      driver: braking(),
      rng: createRng(2),
      others: othersOf(recording, mode),
    })[0];

  test("brakes for a braking ego, where recorded traffic drives through it", () => {
    expect(drive("replay")).toMatchObject({ cause: "rearEnded", otherId: 3 });
    const reactive = drive("reactive");
    expect(reactive.cause).toBe("timeout");
    expect(reactive.others).toMatchObject({ copies: 0, trafficCollisions: 0 });
  });

  test("has no collisions of its own, whatever the ego does", () => {
    const wild = ruleDriver((scene) => ({ acceleration: 0.5, steering: 3e-4 * Math.sin(scene.ego.x / 7) }));
    const results = runEpisodes({
      recording: dense,
      starts: startsOf(dense, 6),
      driver: wild,
      rng: createRng(2),
      others: othersOf(dense, "reactive"),
    });
    for (const { others } of results) expect(others?.trafficCollisions).toBe(0);
  });
});

describe("copies of the driver", () => {
  test("that all do what their humans did give the replay back", () => {
    const runOf = (mode: Mode) =>
      createRun({
        recording: dense,
        starts: startsOf(dense, 2),
        driver: createRecordedDriver(),
        rng: createRng(2),
        others: othersOf(dense, mode, 1),
      });
    const [replay, self] = [runOf("replay"), runOf("self")];
    while (!replay.done) {
      for (const run of [replay, self]) {
        run.decide();
        run.move();
      }
      replay.episodes.forEach(({ scene }, i) => {
        const seen = new Map(statesOf(self.episodes[i].scene.traffic).map((state) => [state[0], state]));
        const apart = statesOf(scene.traffic).map(([id, x, y]) => {
          const copy = seen.get(id);
          return copy === undefined ? Infinity : Math.hypot(copy[1] - x, copy[2] - y);
        });
        expect(Math.max(...apart)).toBeLessThan(1e-6);
      });
    }
    for (const { result } of self.episodes) {
      expect(result).toMatchObject({ cause: "finished", others: { copiesCollided: 0 } });
    }
  });

  test("decide when the ego does, in one batch with it", () => {
    const starts = startsOf(dense, 2);
    const sizes: number[] = [];
    const others = othersOf(dense, "self", 0.2);
    const inner = createIdmDriver();
    const driver: Driver = {
      ...inner,
      begin(count, rng) {
        const session = inner.begin(count, rng);
        return {
          ...session,
          act(scenes, actions) {
            sizes.push(scenes.filter((scene) => scene !== null).length);
            session.act(scenes, actions);
          },
        };
      },
    };
    const run = createRun({ recording: dense, starts, driver, rng: createRng(2), others });
    for (let k = 0; k < 24; k++) {
      run.decide();
      run.move();
    }
    run.dispose();
    expect(sizes.length).toBe(10);
    expect(sizes[0]).toBeGreaterThan(20);
  });

  test("that follow a sound rule get through dense traffic as simulated drivers do", () => {
    const results = runEpisodes({
      recording: dense,
      starts: startsOf(dense, 6),
      driver: createIdmDriver(),
      rng: createRng(2),
      others: othersOf(dense, "self", 1),
    });
    const finished = results.filter(({ cause }) => cause === "finished").length;
    expect(finished).toBeGreaterThanOrEqual(5);
    for (const { others } of results) {
      expect(others!.copies).toBeGreaterThan(100);
      expect(others!.copiesCollided / others!.copies).toBeLessThan(0.25);
    }
  });
});

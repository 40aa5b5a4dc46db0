import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createFrameReader, decodeRecording, splits } from "../../src/episodes/index.ts";
import { findStarts } from "../../src/evaluation/index.ts";
import { createForwardModel, ForwardModelConfig, type ForwardModel } from "../../src/forward-model/index.ts";
import { createPolicyNetwork, PolicyConfig, type Policy } from "../../src/policy/index.ts";
import { createIdmDriver, curvatureAt } from "../../src/sim/index.ts";
import { createImaginings, statesOf } from "../../src/viz/page/imaginings.ts";
import {
  imaginedFutures,
  imaginedSeconds,
  type EpisodeRequest,
  type Imagined,
} from "../../src/viz/protocol.ts";
import { openEpisode } from "../../src/viz/worker/episode.ts";
import { createImaginer } from "../../src/viz/worker/imaginer.ts";
import { createLeisure } from "../../src/viz/worker/leisure.ts";
import { mindOfPlanner, mindOfPolicy, mindOfRule, type Mind } from "../../src/viz/worker/minds.ts";
import { createTrafficShelf, type ReadyTraffic } from "../../src/viz/worker/traffic.ts";
import { useWasm } from "../support/backend.ts";

useWasm();

const file = "data/recordings/us101.recording";
const recording = decodeRecording(new Uint8Array(readFileSync(file)), file);
const reader = createFrameReader(recording);
const starts = findStarts(recording, splits(recording).test, { rng: createRng("us101"), reader });
const us101: ReadyTraffic = { place: "a test", recording, reader, starts, parameters: null };
const config = ForwardModelConfig.parse({ stemChannels: 4, hiddenChannels: 8, latentSize: 2 });

function untrained(contextFrames = 3, stepFrames = 2): Policy {
  const small = PolicyConfig.parse({ channels: [4, 4, 8], hidden: 8 });
  const view = { pixels: "laptop", contextFrames, stepFrames } as const;
  const network = createPolicyNetwork(small, view, createRng("policy"));
  return { name: "untrained", config: small, view, network, calibration: null };
}

const request: EpisodeRequest = {
  driver: "policy",
  traffic: "us101",
  mode: "replay",
  start: 3,
  at: null,
  seed: 1,
  changes: [],
};

interface Circumstances {
  readonly over?: Partial<EpisodeRequest>;
  /** Whether the model comes at the end. */
  readonly late?: boolean;
  /** Whether the model listens to its latent, as an untrained one hardly does. */
  readonly attentive?: boolean;
  readonly traffic?: ReadyTraffic;
  readonly model?: ForwardModel;
}

/** What is imagined in the first `frames` frames of a drive, by frame. */
function imaginedIn(
  mind: Mind,
  frames: number,
  {
    over = {},
    late = false,
    attentive = false,
    traffic = us101,
    model = createForwardModel(config, createRng("model")),
  }: Circumstances = {},
) {
  const ready = { driver: mind.driver, tensors: null, mind };
  const live = openEpisode(traffic, 3, ready, createRng("drive"), { ...request, ...over });
  if (attentive) {
    const { heads } = model.parameters.variables;
    tf.tidy(() => heads!.assign(tf.mul(heads!, 100)));
  }
  const imaginer = createImaginer(model, mind, createRng("imagination"));
  const works: (() => Imagined)[] = [];
  const ponder = (): void => {
    for (const note of live.takeNotes()) {
      const work = imaginer.see(note);
      if (work !== null) works.push(work);
    }
  };
  for (let i = 0; i < frames; i++) {
    live.next();
    if (!late) ponder();
  }
  ponder();
  // Done last first: the order must not matter.
  const imagined = works.reverse().map((work) => work());
  const { leadIn } = live.info;
  live.dispose();
  model.dispose();
  return { leadIn, imagined: imagined.reverse() };
}

describe("what an ego imagines", () => {
  test("begins with the take-over, at every step of the model, three seconds ahead", () => {
    const { leadIn, imagined } = imaginedIn(mindOfPolicy(untrained()), 12);
    expect(imagined.map(({ frame }) => frame)).toEqual([leadIn, leadIn + 2, leadIn + 4, leadIn + 6]);
    for (const one of imagined) {
      expect(one.futures).toHaveLength(imaginedFutures);
      for (const future of one.futures) {
        expect(future.pixels).toHaveLength(imaginedSeconds.length);
        const last = statesOf(one, future, 0.1).at(-1)!;
        expect(last.seconds).toBeCloseTo(3);
        expect(last.frame).toBe(one.frame + 30);
      }
    }
  });

  test.each(["replay", "reactive", "self"] as const)(
    "is the same in the same drive (%s), whenever the model comes",
    (mode) => {
      const mind = mindOfPolicy(untrained());
      const prompt = imaginedIn(mind, 9, { over: { mode } });
      expect(prompt.imagined).not.toHaveLength(0);
      expect(imaginedIn(mind, 9, { over: { mode }, late: true })).toEqual(prompt);
    },
  );

  test("follows a bend with the road unrolled: who keeps its lane imagines to keep it", async () => {
    const shelf = createTrafficShelf("nowhere");
    const traffic = await shelf.get({ traffic: "curved-road", seed: 1, changes: [] }, () => undefined);
    const { imagined } = imaginedIn(mindOfRule(createIdmDriver()), 40, { traffic });
    const { track, frame } = traffic.starts[3]!;
    const { y, firstFrame } = traffic.recording.tracks[track]!;
    const lane = y[frame - firstFrame]!;
    const { bend } = traffic.recording.road;
    const ways = imagined.flatMap((one) => one.futures.map((future) => statesOf(one, future, 0.1)));
    expect(ways.some(([first]) => Math.abs(curvatureAt(bend!, first!.x)) > 0.002)).toBe(true);
    const sideways = ways.flat().map((state) => Math.abs(state.y - lane));
    expect(sideways.length).toBeGreaterThan(200);
    expect(Math.max(...sideways)).toBeLessThan(1.5);
  });

  test("is a plan that reaches as far as is imagined, however short a step of the model is", () => {
    const model = createForwardModel({ ...config, stepFrames: 1 }, createRng("model"));
    const mind = mindOfPlanner(model, untrained(3, 1));
    const { imagined } = imaginedIn(mind, 6, { model });
    expect(imagined).not.toHaveLength(0);
    const { states, costs } = imagined[0]!.futures[0]!;
    expect(states).toHaveLength(4 * 30);
    const numbers = [states, ...Object.values(costs)].flatMap((each) => [...each]);
    expect(numbers.every(Number.isFinite)).toBe(true);
  });

  test("is drawn anew for every future", () => {
    const { imagined } = imaginedIn(mindOfPolicy(untrained()), 12, { attentive: true });
    for (const { futures } of imagined) {
      const [one, other] = futures.map(({ pixels }) => pixels.at(-1)!);
      expect(one).not.toEqual(other);
    }
  });

  test("leaves no tensor behind", () => {
    const mind = mindOfRule(createIdmDriver());
    const before = tf.memory().numTensors;
    imaginedIn(mind, 9);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("is nothing for a policy that sees other pictures", () => {
    expect(() => imaginedIn(mindOfPolicy(untrained(4)), 1)).toThrow(
      /untrained: expected a policy that sees 3/,
    );
  });
});

describe("leisure", () => {
  /** Turns are taken by hand, and work takes 30 ms. */
  function byHand(most: number) {
    const turns: (() => void)[] = [];
    const rests: number[] = [];
    const done: string[] = [];
    let clock = 0;
    const later = (turn: () => void, rest: number): void => {
      turns.push(turn);
      rests.push(rest);
    };
    const leisure = createLeisure(most, later, () => clock);
    return {
      done,
      rests,
      leisure,
      add: (name: string) =>
        leisure.add(() => {
          done.push(name);
          clock += 30;
        }),
      idle: () => {
        while (turns.length > 0) turns.shift()!();
      },
    };
  }

  test("is for the newest first, one at a time, and forgets the oldest of too much", () => {
    const { done, add, idle } = byHand(2);
    for (const name of ["first", "second", "third"]) add(name);
    expect(done).toEqual([]);
    idle();
    expect(done).toEqual(["third", "second"]);
    add("fourth");
    idle();
    expect(done.at(-1)).toBe("fourth");
  });

  test("takes a third of the time at most", () => {
    const { rests, add, idle } = byHand(3);
    for (const name of ["first", "second", "third"]) add(name);
    idle();
    expect(rests).toEqual([0, 60, 60]);
  });

  test("goes on after work that failed, and does nothing that was cleared", () => {
    const { done, leisure, add, idle } = byHand(3);
    add("kept");
    leisure.add(() => {
      throw new Error("bad luck");
    });
    expect(idle).toThrow("bad luck");
    idle();
    expect(done).toEqual(["kept"]);
    add("cleared");
    leisure.clear();
    idle();
    expect(done).toEqual(["kept"]);
  });
});

test("the page shows what was imagined last, unless that is long ago", () => {
  const imaginings = createImaginings();
  const at = (frame: number) => ({ frame }) as Imagined;
  imaginings.add(at(6));
  imaginings.add(at(4));
  expect(imaginings.at(3)).toBeNull();
  expect(imaginings.at(5)!.frame).toBe(4);
  expect(imaginings.at(7)!.frame).toBe(6);
  expect(imaginings.at(60)).toBeNull();
  imaginings.begin();
  expect(imaginings.at(7)).toBeNull();
});

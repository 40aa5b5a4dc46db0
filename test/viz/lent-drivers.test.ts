import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createForwardModel, encodeForwardModel, ForwardModelConfig } from "../../src/forward-model/index.ts";
import { createPolicyNetwork, encodePolicy, PolicyConfig } from "../../src/policy/index.ts";
import type { EpisodeRequest, Reply } from "../../src/viz/protocol.ts";
import { createDriverShelf } from "../../src/viz/worker/drivers.ts";
import { createSession } from "../../src/viz/worker/session.ts";
import * as thinking from "../../src/viz/worker/thinking.ts";
import { useWasm } from "../support/backend.ts";

useWasm();

/** What lies beside the page, by its path. */
const files: { [path: string]: Uint8Array } = {};
let dropped = 0;
const base = "http://localhost/";

beforeAll(() => {
  const config = PolicyConfig.parse({ channels: [4, 4, 8], hidden: 8 });
  const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
  const network = createPolicyNetwork(config, view, createRng("policy"));
  const policy = encodePolicy({ name: "untrained", config, view, network, calibration: null });
  const model = createForwardModel(
    ForwardModelConfig.parse({ stemChannels: 4, hiddenChannels: 8, latentSize: 2 }),
    createRng("model"),
  );
  files["data/pretrained/policy.headway"] = policy;
  files["data/pretrained/imitation.headway"] = policy;
  files["data/pretrained/forward-model.headway"] = encodeForwardModel(model);
  network.parameters.dispose();
  model.dispose();
  vi.stubGlobal("fetch", (url: URL) => {
    if (dropped-- > 0) return Promise.reject(new TypeError("network error"));
    const bytes = files[url.href.slice(base.length)];
    return Promise.resolve(new Response(bytes as BodyInit | undefined, { status: bytes ? 200 : 404 }));
  });
});
afterAll(() => vi.unstubAllGlobals());
beforeEach(() => (dropped = 0));

const shelf = () => createDriverShelf(base, Promise.resolve({ ...thinking, swift: true }));

test("drivers are loaded once, shared, and disposed of when they are outdated and nobody has them", async () => {
  const none = tf.memory().numTensors;
  const { borrow, refresh } = shelf();
  const first = borrow();
  const second = borrow();
  await first.get("policy");
  const one = tf.memory().numTensors - none;
  await second.get("policy");
  await second.get("imitation");
  expect(tf.memory().numTensors - none).toBe(2 * one);
  const planner = await first.get("plan");
  await second.getModel();
  const all = tf.memory().numTensors;
  expect(all).toBeGreaterThan(none + 2 * one);
  refresh();
  first.giveBack();
  expect(await second.get("plan")).toBe(planner);
  expect(tf.memory().numTensors).toBe(all);
  const third = borrow();
  expect(await third.get("plan")).not.toBe(planner);
  second.giveBack();
  await Promise.resolve();
  expect(tf.memory().numTensors).toBe(all - one);
  third.giveBack();
  refresh();
  await Promise.resolve();
  expect(tf.memory().numTensors).toBe(none);
});

test("what is still on its way when it is given back is freed when it comes", async () => {
  const none = tf.memory().numTensors;
  const { borrow, refresh } = shelf();
  const lent = borrow();
  const coming = Promise.all([lent.get("plan"), lent.getModel()]);
  refresh();
  lent.giveBack();
  await coming;
  expect(tf.memory().numTensors).toBe(none);
});

test("a request that was lost is made again", async () => {
  const { borrow, refresh } = shelf();
  const lent = borrow();
  dropped = 2;
  await expect(lent.get("policy")).rejects.toThrow("does not answer");
  await expect(lent.getModel()).rejects.toThrow("does not answer");
  expect((await lent.get("policy")).mind?.sees?.contextFrames).toBe(3);
  expect((await lent.getModel()).config.stemChannels).toBe(4);
  lent.giveBack();
  refresh();
});

test("a session that sees checkpoint after checkpoint keeps the newest alone", async () => {
  const none = tf.memory().numTensors;
  const replies: Reply[] = [];
  const session = createSession(base, (reply) => replies.push(reply));
  const said = (kind: Reply["kind"]) => replies.filter((reply) => reply.kind === kind).length;
  await vi.waitFor(() => expect(said("ready")).toBe(1));
  const one = tf.memory().numTensors - none;
  expect(one).toBeGreaterThan(0);
  const request: EpisodeRequest = {
    ...{ driver: "policy", traffic: "free-flow", mode: "replay", start: 0, at: null, seed: 1, changes: [] },
  };
  for (let episode = 1; episode <= 3; episode++) {
    await session.open(episode, { ...request, driver: episode === 2 ? "plan" : "policy" });
    session.advance(episode, 1);
    session.refresh();
    await vi.waitFor(() => expect(said("ready")).toBe(episode + 1));
    // The one that drives, and the one that will.
    expect(tf.memory().numTensors - none).toBe(2 * one);
  }
  expect(said("opened")).toBe(3);
  expect(said("frame")).toBe(3);
});

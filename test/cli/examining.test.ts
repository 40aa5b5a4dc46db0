import { beforeAll, expect, test } from "vitest";
import { Config } from "../../src/cli/configuration.ts";
import { type CheckUpPlan, openCheckUp } from "../../src/cli/examining/check-up.ts";
import { ask, type CrewPlan, withExaminingCrew } from "../../src/cli/examining/crew.ts";
import { type ForesightPlan, openDrivers, openForesight } from "../../src/cli/examining/foresight.ts";
import type { ModelFile } from "../../src/cli/examining/model.ts";
import { readRecording } from "../../src/cli/recordings.ts";
import { createRng, InputError } from "../../src/core/index.ts";
import type { Inquiry } from "../../src/examination/index.ts";
import {
  createForwardModel,
  encodeForwardModel,
  type ForwardModel,
  ForwardModelConfig,
} from "../../src/forward-model/index.ts";
import { useWasm } from "../support/backend.ts";

useWasm();

const recordings = [readRecording("data/recordings/us101.recording")];
const traffic = { places: ["us101"], recordings, split: "validation" } as const;
const config = ForwardModelConfig.parse({ stemChannels: 4, hiddenChannels: 8, latentSize: 2 });
const small = { traffic, windows: 2, masks: 2, seed: 1 };

let model: ForwardModel;
let file: ModelFile;
beforeAll(() => {
  model = createForwardModel(config, createRng("model"));
  file = { path: "model.headway", bytes: encodeForwardModel(model), backend: "wasm" };
});

/** What an inquiry finds in this thread, or in two, however little there is to ask. */
const found = <Question, Answer, Outcome>(
  inquiry: Inquiry<Question, Answer, Outcome>,
  worker: string,
  workerData: CrewPlan["workerData"],
  workers: 1 | 2,
): Promise<Outcome> =>
  withExaminingCrew<Question, Answer, Outcome>({ module: moduleOf(worker), workerData, workers }, (crew) =>
    ask(inquiry, worker, 0, { ...crew, isWorth: () => workers > 1 }),
  );
const moduleOf = (worker: string): URL =>
  new URL(`../../src/cli/examining/${worker}-worker.ts`, import.meta.url);

test("a check-up by two threads finds to the bit what one finds, the pictures included", async () => {
  const plan: CheckUpPlan = { ...small, file, samples: 2 };
  const examiner = openCheckUp(model, plan);
  const alone = await found(examiner, "check-up", plan, 1);
  expect(await found(examiner, "check-up", plan, 2)).toEqual(alone);
}, 120_000);

test("a foresight by two threads finds to the bit what one finds: a human, a rule, a policy and a plan", async () => {
  const { planner, policy } = Config.parse({
    planner: { samples: 1, gradient: { iterations: 1 } },
    policy: { uncertainty: { calibrationWindows: 3 } },
  });
  const asked = {
    file,
    drivers: ["human", "random", "policy", "plan"],
    planning: { planner, policy },
    steps: 3,
  };
  const plan: ForesightPlan = { ...small, ...asked };
  const foreseer = openForesight(model, await openDrivers(model, plan), plan);
  const alone = await found(foreseer, "foresight", plan, 1);
  expect(await found(foreseer, "foresight", plan, 2)).toEqual(alone);
}, 120_000);

test("what a thread refuses ends a check-up with its sentence", async () => {
  const plan: CheckUpPlan = { ...small, file, samples: 2 };
  const damaged = { ...plan, file: { ...file, bytes: file.bytes.slice(0, 100) } };
  const work = found(openCheckUp(model, plan), "check-up", damaged, 2);
  await expect(work).rejects.toThrow(InputError);
  await expect(work).rejects.toThrow(/^model\.headway: expected a forward model/);
}, 120_000);

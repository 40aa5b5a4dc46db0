import { expect, test } from "vitest";
import { examine, type ExaminingCrew, withExaminingCrew } from "../../src/cli/examining/examine.ts";
import { type CheckUpPlan, examinerOf } from "../../src/cli/examining/examiner.ts";
import { readRecording } from "../../src/cli/recordings.ts";
import { createRng, InputError } from "../../src/core/index.ts";
import type { Examination } from "../../src/examination/index.ts";
import { createForwardModel, encodeForwardModel, ForwardModelConfig } from "../../src/forward-model/index.ts";
import { useWasm } from "../support/backend.ts";

useWasm();

const config = ForwardModelConfig.parse({ stemChannels: 4, hiddenChannels: 8, latentSize: 2 });
const recordings = [readRecording("data/recordings/us101.recording")];
const request = { windows: 2, samples: 2, masks: 2, seed: 1, backend: "wasm" } as const;

/** What comes of a check-up in this thread, or in two. */
async function checkedUp(
  workers: 1 | 2,
  change: (plan: CheckUpPlan) => CheckUpPlan = (plan) => plan,
): Promise<Examination> {
  const model = createForwardModel(config, createRng("model"));
  const traffic = { places: ["us101"], recordings, split: "validation" } as const;
  const file = { bytes: encodeForwardModel(model), checkpoint: "model.headway" };
  const plan: CheckUpPlan = { ...request, ...file, traffic };
  const shared = (crew: ExaminingCrew): ExaminingCrew => ({ ...crew, isWorth: () => workers > 1 });
  return withExaminingCrew(change(plan), workers, (crew) =>
    examine(examinerOf(model, plan), plan, shared(crew)),
  ).finally(() => model.dispose());
}

test("two threads find to the bit what one finds, the pictures included", async () => {
  expect(await checkedUp(2)).toEqual(await checkedUp(1));
}, 120_000);

test("what a thread refuses ends a check-up with its sentence", async () => {
  const work = checkedUp(2, (plan) => ({ ...plan, bytes: plan.bytes.slice(0, 100) }));
  await expect(work).rejects.toThrow(InputError);
  await expect(work).rejects.toThrow(/^model\.headway: expected a forward model/);
});

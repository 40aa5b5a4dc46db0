import type { Worker } from "node:worker_threads";
import { afterEach, expect, test, vi } from "vitest";
import { Config } from "../../src/cli/configuration.ts";
import { openDriver } from "../../src/cli/drivers.ts";
import { type DrivingCrew, withDrivingCrew } from "../../src/cli/judging/crew.ts";
import type { BatchTask } from "../../src/cli/judging/trial.ts";
import { readRecording } from "../../src/cli/recordings.ts";
import * as threads from "../../src/cli/typescript-worker.ts";
import { judge, type Verdict } from "../../src/cli/verdicts.ts";
import { InputError } from "../../src/core/index.ts";
import { createIdmDriver, createRandomDriver } from "../../src/sim/index.ts";

vi.mock("../../src/cli/typescript-worker.ts", { spy: true });
afterEach(() => vi.clearAllMocks());

const recording = readRecording("data/recordings/us101.recording");
const common = { recording, split: "test", seed: 1 } as const;
const options = { workers: 2, backend: "wasm", planning: Config.parse({}) } as const;

/** Without a crew, or with two threads however little there is to drive. */
const judged = (how: Omit<Parameters<typeof judge>[0], keyof typeof common>): Promise<Verdict[]> =>
  judge({ ...common, ...how });
const eager = (crew: DrivingCrew): DrivingCrew => ({ ...crew, isWorth: () => true });
const timeless = (verdicts: readonly Verdict[]): object[] =>
  verdicts.map((verdict) => ({ ...verdict, row: { ...verdict.row, stepsPerSecond: 0 } }));

/** How many threads were started; all of them must have ended. */
function startedAndEnded(): number {
  const started = vi.mocked(threads.startWorker).mock.results;
  // A thread that has ended has no number any more.
  for (const { value } of started) expect((value as Worker).threadId).toBe(-1);
  return started.length;
}

test("two threads find to the bit what one finds: a policy and a rule, the record and living traffic", async () => {
  const policy = { name: "policy", driver: await openDriver("policy", "wasm") };
  const random = { name: "random", driver: createRandomDriver() };
  const replay = { drivers: [random], episodes: 66, trace: true };
  const living = { drivers: [policy, random], episodes: 9, modes: ["reactive", "self"] } as const;
  const alone = [...(await judged(replay)), ...(await judged(living))];
  const together = await withDrivingCrew(options, async (crew) => [
    ...(await judged({ ...replay, crew: eager(crew) })),
    ...(await judged({ ...living, crew: eager(crew) })),
  ]);
  expect(timeless(together)).toEqual(timeless(alone));
  for (const { row } of together) expect(row.stepsPerSecond).toBeGreaterThan(0);
  expect(startedAndEnded()).toBe(2);
}, 120_000);

test("what a thread refuses comes as its sentence, and no thread is left", async () => {
  const missing = { name: "idm", source: "nowhere.headway", driver: createIdmDriver() };
  const work = withDrivingCrew(options, (crew) =>
    judged({ drivers: [missing], episodes: 66, crew: eager(crew) }),
  );
  await expect(work).rejects.toThrow(InputError);
  await expect(work).rejects.toThrow(/^nowhere\.headway: expected a trained policy/);
  expect(startedAndEnded()).toBe(2);
});

test("little work, or work that nobody can share, starts no thread", async () => {
  const batch = { first: 0, starts: Array.from({ length: 64 }, () => ({}) as never) };
  const policy: BatchTask = { name: "policy", source: "policy", mode: "replay", batch };
  const rule = { ...policy, name: "idm", source: "idm" };
  const isWorth = (workers: number, ...tasks: readonly BatchTask[]): Promise<boolean> =>
    withDrivingCrew({ ...options, workers }, (crew) => Promise.resolve(crew.isWorth(tasks)));
  expect(await isWorth(2, policy, policy)).toBe(true);
  expect(await isWorth(1, policy, policy)).toBe(false);
  expect(await isWorth(2, policy)).toBe(false);
  expect(await isWorth(2, rule, rule)).toBe(false);
  expect(startedAndEnded()).toBe(0);
});

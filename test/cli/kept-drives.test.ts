import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDriveStore, type DriveStore } from "../../src/cli/judging/kept-drives.ts";
import { readRecording } from "../../src/cli/recordings.ts";
import { judge, type Verdict } from "../../src/cli/verdicts.ts";
import { createRandomDriver, type Driver } from "../../src/sim/index.ts";

const recording = readRecording("data/recordings/us101.recording");
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "headway-drives-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** The random driver in batches of 4, and how many of them it began; it fails in the batch after `most`. */
function createRandom(most = Infinity): Driver & { readonly begun: () => number } {
  const random = createRandomDriver();
  let begun = 0;
  const begin: Driver["begin"] = (count, rng) => {
    expect(count).toBeLessThanOrEqual(4);
    if (begun === most) throw new Error("stopped");
    begun++;
    return random.begin(count, rng);
  };
  return { ...random, batchSize: 4, begin, begun: () => begun };
}

const storeOf = (mark: string, least = 0): DriveStore => createDriveStore(folder, () => mark, least);
const drive = (driver: Driver, store?: DriveStore, seed = 1): Promise<Verdict[]> =>
  judge({
    recording,
    split: "test",
    seed,
    episodes: 10,
    drivers: [{ name: "random", driver }],
    trace: true,
    ...(store === undefined ? {} : { store }),
  });
const resultsOf = (verdicts: readonly Verdict[]): object[] => verdicts.map(({ results }) => results);

test("an evaluation that was stopped goes on with the batch it was stopped in, and finds the same", async () => {
  await expect(drive(createRandom(2), storeOf("a"))).rejects.toThrow("stopped");
  const rest = createRandom();
  const found = await drive(rest, storeOf("a"));
  expect(rest.begun()).toBe(1);
  const whole = await drive(createRandom());
  expect(resultsOf(found)).toEqual(resultsOf(whole));
  // Infinite times to a collision and the like survive the file.
  expect(JSON.stringify(whole[0]!.results[0]!.trace)).toContain("null");
  expect(found[0]!.row.stepsPerSecond).toBeGreaterThan(0);
});

test("another driver of that name, another seed and a damaged file are driven anew; cleared, all is", async () => {
  const again = async (store: DriveStore, seed?: number): Promise<number> => {
    const random = createRandom();
    await drive(random, store, seed);
    return random.begun();
  };
  expect(await again(storeOf("a"))).toBe(3);
  expect(await again(storeOf("a"))).toBe(0);
  expect(await again(storeOf("b"))).toBe(3);
  expect(await again(storeOf("a"), 2)).toBe(3);
  const kept = readdirSync(join(folder, "drives"));
  expect(kept).toHaveLength(9);
  for (const file of kept) writeFileSync(join(folder, "drives", file), "half a fi");
  expect(await again(storeOf("a"))).toBe(3);
  storeOf("a").clear();
  expect(readdirSync(folder)).toEqual([]);
  expect(await again(storeOf("a"))).toBe(3);
});

test("what is driven at once is not kept", async () => {
  await drive(createRandom(), storeOf("a", 60));
  expect(readdirSync(folder)).toEqual([]);
});

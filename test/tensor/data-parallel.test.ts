import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { createAllReduce, sharedBytes } from "../../src/tensor/index.ts";

interface Answer {
  readonly results?: Float32Array[];
  readonly failed?: string;
}

/** A worker's entry cannot be TypeScript in Node 20, so it registers tsx first and then imports the real one. */
const startTypeScript = `
  const { workerData } = require("node:worker_threads");
  import("tsx/esm/api").then(({ register }) => { register(); return import(workerData.url); });
`;
const workerUrl = new URL("./data-parallel-worker.ts", import.meta.url).href;

const length = 37;
const rounds = 200;

/** Runs one worker per rank and gives their answers in the order of the ranks. */
function runRanks(size: number, failsAt: number | null): Promise<Answer[]> {
  const shared = new SharedArrayBuffer(sharedBytes(size, length));
  const ranks = Array.from(
    { length: size },
    (_, rank) =>
      new Promise<Answer>((resolve, reject) => {
        const worker = new Worker(startTypeScript, {
          eval: true,
          workerData: { url: workerUrl, shared, rank, size, length, rounds, failsAt },
        });
        worker.once("message", resolve);
        worker.once("error", reject);
      }),
  );
  return Promise.all(ranks);
}

describe("the mean over workers", () => {
  test("is the same to the bit on every rank, round after round", async () => {
    const answers = await runRanks(3, null);
    const [first] = answers;
    expect(first.results).toHaveLength(rounds);
    for (const answer of answers) expect(answer).toEqual(first);
    const wave = (rank: number, round: number, i: number) =>
      Math.fround(Math.sin(1 + rank + 10 * round + 100 * i));
    for (const [round, i] of [
      [0, 0],
      [77, 36],
      [199, 5],
    ]) {
      const mean = (wave(0, round, i) + wave(1, round, i) + wave(2, round, i)) / 3;
      expect(first.results![round][i]).toBe(Math.fround(mean));
    }
  });

  test("is given up by all when one rank fails", async () => {
    const [first, second, third] = await runRanks(3, 20);
    expect(second.failed).toBe("this rank fails");
    expect(first.failed).toBe("another worker failed, so this one stops");
    expect(third.failed).toBe("another worker failed, so this one stops");
  });

  test("of one rank is what it has, without shared memory", () => {
    const values = Float32Array.of(1, 2);
    createAllReduce(undefined, 0, 1, 2)(values);
    expect([...values]).toEqual([1, 2]);
  });

  test("refuses memory that is too small and arrays of another length", () => {
    expect(() => createAllReduce(new SharedArrayBuffer(8), 0, 2, 4)).toThrow(
      "expected 112 shared bytes, got 8",
    );
    expect(() => createAllReduce(undefined, 0, 1, 2)(new Float32Array(3))).toThrow(
      "expected 2 values, got 3",
    );
  });
});

import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { createAdam, joinCrew, sharedBytes } from "../../src/tensor/index.ts";

interface Answer {
  readonly results?: Float32Array[];
  readonly norms?: number[];
  readonly means?: number[][];
  readonly failed?: string;
}

/** A worker's entry cannot be TypeScript in Node 20, so it registers tsx first and then imports the real one. */
const startTypeScript = `
  const { workerData } = require("node:worker_threads");
  import("tsx/esm/api").then(({ register }) => { register(); return import(workerData.url); });
`;
const workerUrl = new URL("./data-parallel-worker.ts", import.meta.url).href;

const parameters = 37;
const rounds = 50;
const shapeOf = (size: number) => ({ size, parameters, numbers: 2 });

/** Runs one worker per rank and gives their answers in the order of the ranks. */
function runRanks(size: number, failsAt: number | null): Promise<Answer[]> {
  const shape = shapeOf(size);
  const shared = new SharedArrayBuffer(sharedBytes(shape));
  const ranks = Array.from(
    { length: size },
    (_, rank) =>
      new Promise<Answer>((resolve, reject) => {
        const worker = new Worker(startTypeScript, {
          eval: true,
          workerData: { url: workerUrl, shared, rank, shape, rounds, failsAt },
        });
        worker.once("message", resolve);
        worker.once("error", reject);
      }),
  );
  return Promise.all(ranks);
}

describe("a crew of workers", () => {
  test("goes on with the same bits on every rank, those of one Adam along the mean gradient", async () => {
    const answers = await runRanks(3, null);
    const [first] = answers;
    for (const answer of answers) expect(answer).toEqual(first);
    const adam = createAdam(parameters, { learningRate: 0.01 });
    const values = new Float32Array(parameters);
    for (let round = 0; round < rounds; round++) {
      const mean = new Float32Array(parameters).map((_, i) => {
        const wave = (rank: number) => Math.fround(Math.sin(1 + rank + 10 * round + 100 * i));
        return (wave(0) + wave(1) + wave(2)) / 3;
      });
      const norm = Math.hypot(...mean);
      expect(first.means![round]).toEqual([1, round]);
      if (round % 7 === 6) expect(first.norms![round]).toBeNaN();
      else {
        expect(first.norms![round]).toBeCloseTo(norm, 5);
        adam.step(values, mean, 0.01, norm > 2 ? 2 / norm : 1);
      }
      first.results![round].forEach((value, i) => expect(value).toBeCloseTo(values[i], 5));
    }
  });

  test("is given up by all when one rank fails", async () => {
    const [first, second, third] = await runRanks(3, 20);
    expect(second.failed).toBe("this rank fails");
    expect(first.failed).toBe("another worker failed, so this one stops");
    expect(third.failed).toBe("another worker failed, so this one stops");
  });

  test("of one rank steps along what it has, without shared memory", () => {
    const member = joinCrew(undefined, 0, shapeOf(1));
    const values = new Float32Array(parameters);
    member.gradient.fill(0.25);
    createAdam(parameters, { learningRate: 0.1 }).step(values, member.gradient.slice());
    expect(member.average([3, 4])).toEqual([3, 4]);
    expect(member.step(0.1, 10)).toBeCloseTo(0.25 * Math.sqrt(parameters), 10);
    expect(member.values).toEqual(values);
    expect(member.moments.step).toBe(1);
  });

  test("scales a gradient that is too long, and leaves everything as it was where one is not finite", () => {
    const [long, short] = [joinCrew(undefined, 0, shapeOf(1)), joinCrew(undefined, 0, shapeOf(1))];
    long.gradient.set([30, 40]);
    short.gradient.set([3, 4]);
    expect(long.step(0.1, 5)).toBe(50);
    short.step(0.1, 5);
    expect(long.moments).toEqual(short.moments);
    long.gradient[0] = Infinity;
    expect(long.step(0.1, 5)).toBe(Infinity);
    expect(long.moments).toEqual(short.moments);
    expect(long.values).toEqual(short.values);
  });

  test("refuses memory that is too small and more numbers than it has room for", () => {
    expect(() => joinCrew(new SharedArrayBuffer(8), 0, shapeOf(2))).toThrow(
      "expected 852 shared bytes, got 8",
    );
    expect(() => joinCrew(undefined, 0, shapeOf(1)).average([1, 2, 3])).toThrow(
      "expected at most 2 numbers, got 3",
    );
  });
});

import { parentPort, workerData } from "node:worker_threads";
import { abortCrew, joinCrew, type CrewShape } from "../../src/tensor/data-parallel.ts";

/** A rank of the test: takes a few steps along gradients of its own and sends back what it got, or why it stopped. */
const { shared, rank, shape, rounds, failsAt } = workerData as {
  shared: SharedArrayBuffer;
  rank: number;
  shape: CrewShape;
  rounds: number;
  failsAt: number | null;
};

try {
  const member = joinCrew(shared, rank, shape);
  const results: Float32Array[] = [];
  const norms: number[] = [];
  const means: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    if (rank === 1 && round === failsAt) throw new Error("this rank fails");
    member.gradient.forEach((_, i, all) => (all[i] = Math.sin(1 + rank + 10 * round + 100 * i)));
    if (rank === 2 && round % 7 === 6) member.gradient[3] = NaN;
    means.push(member.average([rank, round * rank]));
    norms.push(member.step(0.01, 2));
    results.push(member.values.slice());
  }
  parentPort?.postMessage({ results, norms, means });
} catch (error) {
  abortCrew(shared);
  parentPort?.postMessage({ failed: (error as Error).message });
}

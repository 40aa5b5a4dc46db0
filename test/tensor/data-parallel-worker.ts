import { parentPort, workerData } from "node:worker_threads";
import { abortAllReduce, createAllReduce } from "../../src/tensor/data-parallel.ts";

/** A rank of the test: reduces a few rounds of its own numbers and sends back what it got, or why it stopped. */
const { shared, rank, size, length, rounds, failsAt } = workerData as {
  shared: SharedArrayBuffer;
  rank: number;
  size: number;
  length: number;
  rounds: number;
  failsAt: number | null;
};

try {
  const allReduce = createAllReduce(shared, rank, size, length);
  const results: Float32Array[] = [];
  for (let round = 0; round < rounds; round++) {
    if (rank === 1 && round === failsAt) throw new Error("this rank fails");
    const values = Float32Array.from({ length }, (_, i) => Math.sin(1 + rank + 10 * round + 100 * i));
    allReduce(values);
    results.push(values);
  }
  parentPort?.postMessage({ results });
} catch (error) {
  abortAllReduce(shared);
  parentPort?.postMessage({ failed: (error as Error).message });
}

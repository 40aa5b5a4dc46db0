import { expect, test } from "vitest";
import { inParts } from "../../src/cli/training/parts.ts";

test("a share in parts gives the mean over its windows, however they are divided", () => {
  const windows = [3, -1, 4, 1, 5];
  const mean = (first: number, count: number, into: Float32Array): number[] => {
    const sum = windows.slice(first, first + count).reduce((total, value) => total + value, 0);
    into.set([sum / count, (2 * sum) / count]);
    return [sum / count];
  };
  const of = (most: number): number[] => {
    const into = Float32Array.of(99, 99);
    return [...inParts({ first: 1, count: 4 }, most, into, mean), ...into];
  };
  for (const most of [1, 2, 3, 4, 10]) {
    expect(of(most).map((value) => value.toFixed(5))).toEqual(["2.25000", "2.25000", "4.50000"]);
  }
});

import { deviation, mean } from "./statistics.ts";

/** What was known of a prediction before its error was. */
export interface ErrorExample {
  readonly clues: readonly number[];
  /** ≥ 0 */
  readonly error: number;
}

/** Pull of the weights to zero, per example. */
const ridge = 0.03;

/**
 * A doubt that was learned from errors: linear in the clues, fitted to the logarithms of the errors by ridge
 * regression. After Lahlou et al., "DEUP: Direct Epistemic Uncertainty Prediction" (2023), with a line in place of
 * their network.
 * @returns the logarithm of the error to be expected with some clues
 */
export function learnDoubt(examples: readonly ErrorExample[]): (clues: readonly number[]) => number {
  const errors = examples.map(({ error }) => error);
  // What is far below the usual error counts as if it were a thousandth of it.
  const floor = mean(errors) / 1000 + Number.MIN_VALUE;
  const targets = errors.map((error) => Math.log(error + floor));
  const columns = examples[0]!.clues.map((_, i) => examples.map(({ clues }) => clues[i]!));
  const centers = columns.map(mean);
  const scales = columns.map((column) => deviation(column) || 1);
  const scaled = (clues: readonly number[]): number[] =>
    clues.map((value, i) => (value - centers[i]!) / scales[i]!);
  const rows = examples.map(({ clues }) => scaled(clues));
  const bias = mean(targets);
  const size = centers.length;
  const matrix = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => {
      const product = rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0);
      return i === j ? product + ridge * rows.length : product;
    }),
  );
  const right = centers.map((_, i) => rows.reduce((sum, row, n) => sum + row[i]! * (targets[n]! - bias), 0));
  const weights = solve(matrix, right);
  return (clues) => scaled(clues).reduce((sum, value, i) => sum + value * weights[i]!, bias);
}

/** x with A·x = b for a symmetric positive definite A, by Gauss's elimination; overwrites both. */
function solve(A: number[][], b: number[]): number[] {
  const n = b.length;
  for (let k = 0; k < n; k++) {
    for (let i = k + 1; i < n; i++) {
      const factor = A[i]![k]! / A[k]![k]!;
      for (let j = k; j < n; j++) A[i]![j]! -= factor * A[k]![j]!;
      b[i]! -= factor * b[k]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) b[k]! -= A[k]![j]! * b[j]!;
    b[k]! /= A[k]![k]!;
  }
  return b;
}

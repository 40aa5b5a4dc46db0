import type { Rng } from "../core/index.ts";

/** One number to be found, where to look for it, and where to begin. */
export interface SearchedNumber {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly start: number;
}

/** What was found. */
export interface Found {
  readonly point: readonly number[];
  readonly loss: number;
}

/** A search without derivatives, for losses that are noisy: ask for points, tell their losses, again and again. */
export interface Search {
  ask(): number[][];
  tell(losses: readonly number[]): void;
  /** The middle of the distribution: with noisy losses a better answer than the luckiest point. */
  readonly center: readonly number[];
  /** The best point so far. */
  readonly best: Found;
}

export interface SearchOptions {
  /** Points per round, and the fraction of them that counts. */
  readonly candidates: number;
  readonly eliteFraction: number;
}

/** Deviation at the start, as a part of the range. */
const firstDeviation = 0.22;
/** How far the distribution follows the best points of a round, and the least deviation that remains. */
const follow = 0.6;
const leastDeviation = 0.01;

/**
 * Cross-entropy method with independent normals: draw points, keep the best ones, move mean and deviation of every
 * number towards theirs. (Rubinstein & Kroese, The Cross-Entropy Method, 2004, ch. 5.) The center of the round before
 * is always among the points.
 */
export function createSearch(numbers: readonly SearchedNumber[], options: SearchOptions, rng: Rng): Search {
  const { candidates, eliteFraction } = options;
  const scale = numbers.map(({ low, high }) => high - low);
  const center = numbers.map(({ start }) => start);
  const deviation = scale.map((width) => width * firstDeviation);
  const elites = Math.max(2, Math.round(candidates * eliteFraction));
  let asked: number[][] = [];
  let best: Found = { point: center.slice(), loss: Infinity };
  return {
    ask() {
      asked = Array.from({ length: candidates }, (_, candidate) =>
        numbers.map(({ low, high }, i) => {
          if (candidate === 0) return center[i];
          return Math.min(high, Math.max(low, center[i] + deviation[i] * rng.normal()));
        }),
      );
      return asked;
    },
    tell(losses) {
      const order = losses.map((_, i) => i).sort((a, b) => losses[a] - losses[b]);
      if (losses[order[0]] < best.loss) best = { point: asked[order[0]], loss: losses[order[0]] };
      const chosen = order.slice(0, elites).map((i) => asked[i]);
      for (let i = 0; i < numbers.length; i++) {
        const mean = chosen.reduce((sum, point) => sum + point[i], 0) / elites;
        const variance = chosen.reduce((sum, point) => sum + (point[i] - mean) ** 2, 0) / elites;
        center[i] += follow * (mean - center[i]);
        deviation[i] += follow * (Math.max(Math.sqrt(variance), leastDeviation * scale[i]) - deviation[i]);
      }
    },
    get center() {
      return center;
    },
    get best() {
      return best;
    },
  };
}

import type { Rng } from "../../core/index.ts";
import { numbersOf } from "../../tensor/index.ts";
import type { PlannerConfig } from "./config.ts";
import type { Judge } from "./futures.ts";
import { packPlans } from "./gradient.ts";
import { correlate } from "./smooth.ts";

/**
 * The cross-entropy method: tries plans around the present one, fits mean and deviation to the best, and again
 * (Rubinstein & Kroese, 2004). Deviations are correlated over time, since independent ones cancel out before a car has
 * moved (Pinneri et al., CoRL 2020); the present mean is always among the candidates, and of all that were tried the cheapest is
 * taken, as there.
 * @param judge of `candidates` plans per ego
 * @param plans B plans of T pairs, before their bounds; overwritten
 * @param rngs one stream per plan
 */
export function refit(
  judge: Judge,
  plans: readonly Float32Array[],
  rngs: readonly Rng[],
  { iterations, candidates, elites, spread, smoothness }: PlannerConfig["cem"],
): void {
  const B = plans.length;
  const means = plans.map((plan) => plan.slice());
  const deviations = plans.map((plan) => new Float32Array(plan.length).fill(spread));
  const least = plans.map(() => Infinity);
  for (let i = 0; i < iterations; i++) {
    // Candidate p of ego b is number p·B + b.
    const tried = Array.from({ length: candidates * B }, (_, n) => {
      const b = n % B;
      const rng = rngs[b]!.fork(`iteration ${i} candidate ${Math.floor(n / B)}`);
      return n < B ? means[b]!.slice() : deviate(means[b]!, deviations[b]!, smoothness, rng);
    });
    const costs = numbersOf(() => judge(packPlans(tried)).dataSync());
    plans.forEach((plan, b) => {
      const best = Array.from({ length: candidates }, (_, p) => p * B + b)
        .filter((n) => Number.isFinite(costs[n]))
        .sort((m, n) => costs[m]! - costs[n]!)
        .slice(0, elites);
      if (best.length < 2) return;
      fit(
        best.map((n) => tried[n]!),
        means[b]!,
        deviations[b]!,
      );
      const cheapest = best[0]!;
      if (costs[cheapest]! >= least[b]!) return;
      least[b] = costs[cheapest]!;
      plan.set(tried[cheapest]!);
    });
  }
}

/** A plan near `mean`, by deviations that are correlated over time. */
function deviate(mean: Float32Array, deviation: Float32Array, smoothness: number, rng: Rng): Float32Array {
  const errors = correlate(
    mean.map(() => rng.normal()),
    smoothness,
  );
  return mean.map((value, i) => value + deviation[i]! * errors[i]!);
}

/** Mean and deviation of `best`, number by number. */
function fit(best: readonly Float32Array[], mean: Float32Array, deviation: Float32Array): void {
  const values = best.map((plan) => plan.slice());
  for (let i = 0; i < mean.length; i++) {
    const center = values.reduce((sum, plan) => sum + plan[i]!, 0) / values.length;
    const squares = values.reduce((sum, plan) => sum + (plan[i]! - center) ** 2, 0);
    mean[i] = center;
    deviation[i] = Math.sqrt(squares / values.length);
  }
}

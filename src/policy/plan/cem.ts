import type { Rng } from "../../core/index.ts";
import { numbersOf } from "../../tensor/index.ts";
import type { PlannerConfig } from "./config.ts";
import type { Judge } from "./futures.ts";
import { packPlans } from "./gradient.ts";

/**
 * The cross-entropy method: tries plans around the present one, fits mean and deviation to the best, and again
 * (Rubinstein & Kroese, 2004). Deviations are correlated over time, since independent ones cancel out before a car has
 * moved (Pinneri et al., CoRL 2020); the present mean is always among the candidates.
 * @param judge of `candidates` plans per ego
 * @param plans B plans of T pairs, before their bounds; overwritten with the last mean
 * @param rngs one stream per plan
 */
export function refit(
  judge: Judge,
  plans: readonly Float32Array[],
  rngs: readonly Rng[],
  { iterations, candidates, elites, spread, smoothness }: PlannerConfig["cem"],
): void {
  const B = plans.length;
  const deviations = plans.map((plan) => new Float32Array(plan.length).fill(spread));
  for (let i = 0; i < iterations; i++) {
    // Candidate p of ego b is number p·B + b.
    const tried = Array.from({ length: candidates * B }, (_, n) => {
      const b = n % B;
      const rng = rngs[b]!.fork(`iteration ${i} candidate ${Math.floor(n / B)}`);
      return n < B ? plans[b]! : deviate(plans[b]!, deviations[b]!, smoothness, rng);
    });
    const costs = numbersOf(() => judge(packPlans(tried)).dataSync());
    plans.forEach((plan, b) => {
      const best = Array.from({ length: candidates }, (_, p) => p * B + b)
        .filter((n) => Number.isFinite(costs[n]))
        .sort((m, n) => costs[m]! - costs[n]!)
        .slice(0, elites)
        .map((n) => tried[n]!);
      if (best.length > 1) fit(best, plan, deviations[b]!);
    });
  }
}

/** A plan near `mean`: e_t = ρ·e_{t−1} + √(1 − ρ²)·n_t, scaled by the deviations. */
function deviate(mean: Float32Array, deviation: Float32Array, smoothness: number, rng: Rng): Float32Array {
  const fresh = Math.sqrt(1 - smoothness * smoothness);
  const error = [rng.normal(), rng.normal()];
  return mean.map((value, i) => {
    if (i >= 2) error[i % 2] = smoothness * error[i % 2]! + fresh * rng.normal();
    return value + deviation[i]! * error[i % 2]!;
  });
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

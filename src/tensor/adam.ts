import type { TrainingDefaults } from "../core/index.ts";

export interface AdamOptions {
  /** Step size where `step` is given none of its own. */
  readonly learningRate: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/** Everything Adam remembers; saved and put back, training goes on to the same bits. */
export interface AdamState {
  step: number;
  readonly m: Float32Array;
  readonly v: Float32Array;
}

export interface Adam {
  /** Moves `parameters` in place against `factor` times `gradient`. */
  step(parameters: Float32Array, gradient: Float32Array, learningRate?: number, factor?: number): void;
  readonly state: AdamState;
}

/**
 * Adam on flat arrays.
 *
 *     m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,  θ ← θ − η · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
 *
 * Kingma & Ba, ICLR 2015, algorithm 1.
 *
 * @param state where it remembers, zeros if not given
 */
export function createAdam(
  size: number,
  options: AdamOptions,
  state: AdamState = { step: 0, m: new Float32Array(size), v: new Float32Array(size) },
): Adam {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const { m, v } = state;
  return {
    state,
    step(parameters, gradient, learningRate = options.learningRate, factor = 1) {
      if (parameters.length !== size || gradient.length !== size) {
        throw new RangeError(
          `expected ${size} parameters and gradients, got ${parameters.length} and ${gradient.length}`,
        );
      }
      state.step++;
      const rate = learningRate / (1 - beta1 ** state.step);
      const scale = 1 / Math.sqrt(1 - beta2 ** state.step);
      for (let i = 0; i < size; i++) {
        const g = Math.fround(factor * gradient[i]);
        const mean = beta1 * m[i] + (1 - beta1) * g;
        const square = beta2 * v[i] + (1 - beta2) * g * g;
        m[i] = mean;
        v[i] = square;
        parameters[i] = parameters[i] - (rate * mean) / (Math.sqrt(square) * scale + epsilon);
      }
    },
  };
}

/**
 * Scales `gradient` in place to the global L2 norm `maxNorm` where it is longer.
 * @returns the norm before; a norm that is not finite leaves the gradient alone, and its step should be skipped.
 */
export function clipGradient(gradient: Float32Array, maxNorm: number): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i] * gradient[i];
  const norm = Math.sqrt(squares);
  if (Number.isFinite(norm) && norm > maxNorm) {
    const factor = maxNorm / norm;
    for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i] * factor;
  }
  return norm;
}

export interface CosineOptions {
  /** Length of the training. */
  readonly updates: number;
  /** Updates over which the rate rises linearly from near zero to `peak`. */
  readonly warmUp: number;
  readonly peak: number;
  /** Rate at the end as a fraction of `peak`. */
  readonly finalFraction: number;
}

/** Learning rate by update (from 0): linear warm-up, then half a cosine down to `finalFraction`. */
export function cosineSchedule(options: CosineOptions): (update: number) => number {
  const { updates, warmUp, peak, finalFraction } = options;
  return (update) => {
    if (update < warmUp) return (peak * (update + 1)) / warmUp;
    const progress = Math.min(1, (update - warmUp) / Math.max(1, updates - 1 - warmUp));
    return peak * (finalFraction + ((1 - finalFraction) * (1 + Math.cos(Math.PI * progress))) / 2);
  };
}

/** Learning rate by update, as a training's keys say. */
export function learningRates(training: TrainingDefaults): (update: number) => number {
  return cosineSchedule({
    updates: training.updates,
    warmUp: training.warmUpUpdates,
    peak: training.learningRate,
    finalFraction: training.finalFraction,
  });
}

import type { Rng } from "../core/index.ts";
import type { Parameters, ParameterSpecs } from "../tensor/index.ts";
import type { ForwardModelConfig } from "./config.ts";
import type { Imagination, ImaginationStart } from "./imagination.ts";
import type { RolloutNoise } from "./noise.ts";
import { createSeparatedModel, type SeparatedModel } from "./world-rollout.ts";

/** A forward model of any family: its configuration, its variables, and how it imagines. */
export interface ForwardModel {
  readonly config: ForwardModelConfig;
  readonly parameters: Parameters<ParameterSpecs>;
  /**
   * Begins to imagine: latents from the prior, dropout as `noise` says. Call it before a gradient's tape begins; what
   * no action can change is predicted here. `noise` must live until the last step.
   * @param steps as many steps as `noise` has latents for
   */
  imagine(start: ImaginationStart, steps: number, noise: RolloutNoise): Imagination;
  dispose(): void;
}

/** Creates a model with fresh parameters drawn from `rng`. */
export function createForwardModel(config: ForwardModelConfig, rng: Rng): SeparatedModel {
  return createSeparatedModel(config, rng);
}

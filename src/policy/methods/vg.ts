import { InputError } from "../../core/index.ts";
import {
  createLatent,
  disposeNoise,
  meanNoise,
  type ForwardModel,
  type ForwardModelConfig,
} from "../../forward-model/index.ts";
import type { PolicyConfig } from "../config.ts";
import type { PolicyNetwork } from "../network.ts";
import { aloneIn, objectiveGradient, type PolicyStepReport } from "../policy-gradient.ts";
import type { PolicyWindows } from "../windows.ts";
import type { Price } from "../world-costs.ts";

/**
 * Value gradients through a deterministic model: MPUR's objective without uncertainty, in the one future that the model
 * takes when its latents are in the middle of their prior, or when it has none. Heess et al., "Learning Continuous Control
 * Policies by Stochastic Value Gradients" (2015).
 */
export function vgGradient(
  policy: PolicyNetwork,
  model: ForwardModel,
  config: PolicyConfig,
  windows: PolicyWindows,
  gradient: Float32Array,
  price?: Price,
): PolicyStepReport {
  const noise = meanNoise(model.config, windows.count, config.horizonSteps);
  const imagination = model.imagine(windows, config.horizonSteps, noise);
  const cast = aloneIn(windows, model.config, config);
  const report = objectiveGradient(policy, config, imagination, cast, gradient, () => null, price);
  disposeNoise(noise);
  return report;
}

/** @throws InputError where latents are drawn from stored codes, which have no middle */
export function checkMiddle(config: ForwardModelConfig): void {
  if (createLatent(config)?.noise.distribution !== "uniform") return;
  throw new InputError(
    `--method vg: expected a model with latent none, vae, vae-learned or noisy, got ${config.latent}; ` +
      "its stored codes have no middle, svg draws from them.",
  );
}

import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import type { ForwardModelConfig } from "./config.ts";
import { createWorldNetwork, type WorldNetwork } from "./families/separated.ts";
import { reparameterize, type Gaussian } from "./latent.ts";
import type { RolloutNoise } from "./noise.ts";

/** A forward model: its configuration and the network that owns its variables. */
export interface ForwardModel {
  readonly config: ForwardModelConfig;
  readonly network: WorldNetwork;
  dispose(): void;
}

/** Creates a model with fresh parameters drawn from `rng`. */
export function createForwardModel(config: ForwardModelConfig, rng: Rng): ForwardModel {
  const network = createWorldNetwork(config, rng);
  return { config, network, dispose: () => network.parameters.dispose() };
}

/** What a rollout of the world gives: predicted pixel states, and the posteriors where the future was given. */
export type WorldRollout = {
  readonly predicted: readonly tf.Tensor4D[];
  readonly posteriors: readonly Gaussian[];
};

/**
 * Unrolls the world for `steps` steps; each prediction is the newest frame of the next context.
 * @param context Tc × [B, H, W, C] in [0, 1], oldest first, in the window's moving frame
 * @param target the true next frames, steps × [B, H, W, C]: the latent then comes from the posterior, but for
 *   the steps that `noise.fromPrior` gives to the prior. Null: every latent comes from the prior N(0, I).
 */
export function rollOutWorld(
  model: ForwardModel,
  context: readonly tf.Tensor4D[],
  steps: number,
  noise: RolloutNoise,
  target: readonly tf.Tensor4D[] | null = null,
): WorldRollout {
  const { network } = model;
  const predicted: tf.Tensor4D[] = [];
  const posteriors: Gaussian[] = [];
  let frames = [...context];
  for (let t = 0; t < steps; t++) {
    const last = frames[frames.length - 1]!;
    const encoding = network.encode(frames, noise.masks);
    let latent = noise.latent?.[t] ?? null;
    if (latent !== null && target !== null && !noise.fromPrior[t]) {
      const posterior = network.posterior(encoding, last, target[t]!);
      posteriors.push(posterior);
      latent = reparameterize(posterior, latent);
    }
    const next = network.decode(encoding, last, latent, noise.masks);
    predicted.push(next);
    frames = [...frames.slice(1), next];
  }
  return { predicted, posteriors };
}

import type * as tf from "@tensorflow/tfjs";
import type { RolloutNoise } from "../noise.ts";
import type { Inferred, Latent } from "./latent.ts";
import { noisy } from "./noisy.ts";
import { discrete, een, sparse } from "./stored-codes.ts";
import { vae, vaeWithLearnedPrior } from "./vae.ts";

export type { Inferred, Latent } from "./latent.ts";
export { codesName } from "./stored-codes.ts";

/** The settings of a latent. */
export interface LatentConfig {
  readonly latent: "none" | keyof typeof kinds;
  readonly latentSize: number;
  readonly latentNoise: number;
  readonly latentLevels: number;
}

const kinds = {
  vae: ({ latentSize }: LatentConfig) => vae(latentSize),
  "vae-learned": ({ latentSize }: LatentConfig) => vaeWithLearnedPrior(latentSize),
  een: ({ latentSize }: LatentConfig) => een(latentSize),
  noisy: ({ latentSize, latentNoise }: LatentConfig) => noisy(latentSize, latentNoise),
  sparse: ({ latentSize }: LatentConfig) => sparse(latentSize),
  discrete: ({ latentSize, latentLevels }: LatentConfig) => discrete(latentSize, latentLevels),
};

/** The kind that a configuration names; null for none. */
export function createLatent(config: LatentConfig): Latent | null {
  return config.latent === "none" ? null : kinds[config.latent](config);
}

/** What a step can be told of the latent. */
export interface LatentQuestion {
  /** What the known future tells, [B, E]; null where it is unknown. */
  readonly posterior: (() => tf.Tensor2D) | null;
  readonly prior: () => tf.Tensor2D | null;
  readonly codes: tf.Tensor | null;
}

/** The latent of step `t`: given, inferred, withheld or drawn; null without one. */
export function latentAt(
  latent: Latent | null,
  noise: RolloutNoise,
  t: number,
  { posterior, prior, codes }: LatentQuestion,
): { readonly z: tf.Tensor2D | null; readonly inferred: Inferred | null } {
  if (latent === null || noise.latent === null) return { z: null, inferred: null };
  if (noise.given !== undefined) return { z: noise.given[t]!, inferred: null };
  const drawn = noise.latent[t]!;
  if (posterior === null) return { z: latent.sample(prior(), drawn, codes), inferred: null };
  if (noise.fromPrior[t]) return { z: latent.withhold(prior(), drawn), inferred: null };
  const inferred = latent.infer(posterior(), prior(), drawn);
  return { z: inferred.z, inferred };
}

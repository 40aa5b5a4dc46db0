import * as tf from "@tensorflow/tfjs";
import type { ForwardModelConfig } from "../config.ts";
import { fineCells } from "../families/u-net.ts";
import type { RolloutNoise } from "../noise.ts";
import type { Inferred, Latent } from "./latent.ts";
import { noisy } from "./noisy.ts";
import { discrete, een, sparse } from "./stored-codes.ts";
import { vae, vaeWithLearnedPrior } from "./vae.ts";

export type { Inferred, Latent } from "./latent.ts";
export { codesName } from "./stored-codes.ts";

/** The settings of a latent. */
export type LatentConfig = Pick<
  ForwardModelConfig,
  "latent" | "latentPer" | "latentSize" | "latentNoise" | "latentLevels" | "pixels"
>;

/** Z: numbers of a latent, those of all cells together where each has its own. */
export const latentLength = (config: Pick<LatentConfig, "latentPer" | "latentSize" | "pixels">): number =>
  config.latentSize * (config.latentPer === "cell" ? fineCells(config) : 1);

const kinds: {
  readonly [Kind in Exclude<LatentConfig["latent"], "none">]: (
    length: number,
    config: LatentConfig,
  ) => Latent;
} = {
  vae,
  "vae-learned": vaeWithLearnedPrior,
  een,
  noisy: (length, { latentNoise }) => noisy(length, latentNoise),
  sparse,
  discrete: (length, { latentLevels }) => discrete(length, latentLevels),
};

/** The kind that a configuration names; null for none. */
export function createLatent(config: LatentConfig): Latent | null {
  return config.latent === "none" ? null : kinds[config.latent](latentLength(config), config);
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
  const withheld = noise.withheld[t] ?? "no";
  if (withheld !== "no") {
    return {
      z: latent.withhold(prior(), withheld === "mean" ? tf.zerosLike(drawn) : drawn),
      inferred: null,
    };
  }
  const inferred = latent.infer(posterior(), prior(), drawn);
  return { z: inferred.z, inferred };
}

import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import { drawKeepMask } from "../tensor/index.ts";
import type { ForwardModelConfig } from "./config.ts";
import { publishedDropout } from "./families/published-layers.ts";
import { uNetDropout } from "./families/u-net.ts";
import { createLatent } from "./latents/index.ts";

/** Keep-masks of whole feature maps by layer, [B, 1, 1, C] each, already divided by the keep probability. */
export type DropoutMasks = { readonly [layer: string]: tf.Tensor4D };

/** Everything random about a rollout, drawn once by the caller: tensor code never samples. */
export type RolloutNoise = {
  /** What the latent's kind draws at each step, T × [B, count]; null for a model without latent. */
  readonly latent: readonly tf.Tensor2D[] | null;
  /** The latents themselves instead, T × [B, Z], where they are known (`ForwardModel.inferLatents`). */
  readonly given?: readonly tf.Tensor2D[];
  /** At each step, whether the latent is withheld although the future is known (z-dropout), and what stands in; none is, past the end. */
  readonly withheld: readonly Withheld[];
  /** One mask per dropout layer, the same at every step of the rollout; null switches dropout off. */
  readonly masks: DropoutMasks | null;
};

/** In place of a latent that is withheld: nothing, for it is not; a draw from the prior; or the prior's mean. */
export type Withheld = "no" | "drawn" | "mean";

export interface NoiseShape {
  readonly batch: number;
  readonly steps: number;
  readonly dropout: boolean;
}

/**
 * Draws the noise of a rollout of `batch` windows, window by window from forks of `rng` by their number: a window's noise
 * does not depend on which worker computes it.
 * @param numbers of the windows, or the first of a row of them
 */
export function drawNoise(
  config: ForwardModelConfig,
  shape: NoiseShape,
  rng: Rng,
  numbers: number | readonly number[] = 0,
): RolloutNoise {
  const { batch, steps } = shape;
  const latent = createLatent(config)?.noise ?? null;
  const size = latent?.count ?? 0;
  const latents = Array.from({ length: steps }, () => new Float32Array(batch * size));
  const widths = dropoutLayers(config);
  const masks = Object.fromEntries(
    Object.entries(widths).map(([name, width]) => [name, new Float32Array(batch * width)]),
  );
  for (let b = 0; b < batch; b++) {
    const own = rng.fork(`window ${typeof numbers === "number" ? numbers + b : numbers[b]!}`);
    for (const values of latents) {
      for (let z = 0; z < size; z++) {
        values[b * size + z] = latent!.distribution === "normal" ? own.normal() : own.uniform();
      }
    }
    if (!shape.dropout) continue;
    for (const [name, width] of Object.entries(widths)) {
      masks[name]!.set(drawKeepMask(own, [width], config.dropoutRate), b * width);
    }
  }
  return {
    latent: latent === null ? null : latents.map((values) => tf.tensor2d(values, [batch, size])),
    withheld: drawWithheld(config, steps, rng.fork("from prior")),
    masks: shape.dropout
      ? Object.fromEntries(
          Object.entries(widths).map(([name, width]) => [
            name,
            tf.tensor4d(masks[name]!, [batch, 1, 1, width]),
          ]),
        )
      : null,
  };
}

/**
 * Noise that is none: no dropout, and every latent at the mean of its prior. Kinds that draw from stored codes have no
 * mean: they are left out, as where training withholds them.
 */
export function meanNoise(config: ForwardModelConfig, batch: number, steps: number): RolloutNoise {
  const noise = createLatent(config)?.noise;
  return {
    latent:
      noise?.distribution === "normal"
        ? Array.from({ length: steps }, () => tf.zeros<tf.Rank.R2>([batch, noise.count]))
        : null,
    withheld: [],
    masks: null,
  };
}

function drawWithheld(config: ForwardModelConfig, steps: number, coin: Rng): readonly Withheld[] {
  const drop = (): boolean => coin.uniform() < config.latentDropout;
  if (config.latentDropoutOf === "step")
    return Array.from({ length: steps }, () => (drop() ? "drawn" : "no"));
  return new Array<Withheld>(steps).fill(drop() ? "mean" : "no");
}

/** Frees the tensors of a noise that nobody takes over. */
export function disposeNoise(noise: RolloutNoise): void {
  tf.dispose([...(noise.latent ?? []), ...(noise.given ?? [])]);
  if (noise.masks !== null) tf.dispose(Object.values(noise.masks));
}

/** Width of every layer under dropout. */
function dropoutLayers(config: ForwardModelConfig): { readonly [layer: string]: number } {
  return config.family === "coupled" && config.network === "published"
    ? publishedDropout
    : uNetDropout(config);
}

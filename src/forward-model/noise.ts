import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import { drawKeepMask } from "../tensor/index.ts";
import type { ForwardModelConfig } from "./config.ts";

/** Keep-masks of whole feature maps by layer, [B, 1, 1, C] each, already divided by the keep probability. */
export type DropoutMasks = { readonly [layer: string]: tf.Tensor4D };

/** Everything random about a rollout, drawn once by the caller: tensor code never samples. */
export type RolloutNoise = {
  /** ε of the latent at each step, T × [B, Z]; null for a model without latent. */
  readonly latent: readonly tf.Tensor2D[] | null;
  /** At each step, whether the latent comes from the prior although the future is known (z-dropout). */
  readonly fromPrior: readonly boolean[];
  /** One mask per dropout layer, the same at every step of the rollout; null switches dropout off. */
  readonly masks: DropoutMasks | null;
};

export interface NoiseShape {
  readonly batch: number;
  readonly steps: number;
  readonly dropout: boolean;
}

/**
 * Draws the noise of a rollout of `batch` windows, window by window from forks of `rng` by their number
 * `first`, `first + 1`, …: a window's noise does not depend on which worker computes it.
 */
export function drawNoise(config: ForwardModelConfig, shape: NoiseShape, rng: Rng, first = 0): RolloutNoise {
  const { batch, steps } = shape;
  const size = config.latentSize;
  const draw = config.latent === "none" ? 0 : size;
  const latents = Array.from({ length: steps }, () => new Float32Array(batch * draw));
  const widths = maskWidths(config);
  const masks = Object.fromEntries(
    Object.entries(widths).map(([name, width]) => [name, new Float32Array(batch * width)]),
  );
  for (let b = 0; b < batch; b++) {
    const own = rng.fork(`window ${first + b}`);
    for (const latent of latents) for (let z = 0; z < draw; z++) latent[b * draw + z] = own.normal();
    if (!shape.dropout) continue;
    for (const [name, width] of Object.entries(widths)) {
      masks[name]!.set(drawKeepMask(own, [width], config.dropoutRate), b * width);
    }
  }
  const coin = rng.fork("from prior");
  return {
    latent: draw === 0 ? null : latents.map((latent) => tf.tensor2d(latent, [batch, size])),
    fromPrior: Array.from({ length: steps }, () => coin.uniform() < config.latentDropout),
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

function maskWidths(config: ForwardModelConfig): { readonly [layer: string]: number } {
  return { stem: config.stemChannels, fine: config.hiddenChannels, coarse: config.hiddenChannels };
}
